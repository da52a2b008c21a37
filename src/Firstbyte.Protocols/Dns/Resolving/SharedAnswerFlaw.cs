namespace Firstbyte.Dns.Resolving;

/// <summary>Why an answer that lies in a cache which others share is not taken.</summary>
public enum SharedAnswerFlaw
{
    /// <summary>It is taken.</summary>
    None,

    /// <summary>It is longer than any that is put there.</summary>
    TooLong,

    /// <summary>It has not the form of one, or that of another version.</summary>
    OtherForm,

    /// <summary>Its seal is not of the secret that this resolver has, or is that of the answer to another question.</summary>
    WrongSeal,

    /// <summary>It was put there later than now.</summary>
    FromTheFuture,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Its message cannot be read, or says nothing of the question.</summary>
    NoAnswer,

    /// <summary>It leads into this resolver's own network (see <see cref="PrivateAddresses"/>).</summary>
    Withheld,
}
