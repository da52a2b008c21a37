namespace Firstbyte.Sockets;

/// <summary>A network whose host has sockets in its own files as well (unix(7)): they lead to programs of the same host, and not every host has them.</summary>
internal interface ILocalNetwork : INetwork
{
    /// <summary>A connection to the program that listens at a path.</summary>
    /// <param name="path">The path of the socket, or its name in the abstract name space.</param>
    /// <param name="isAbstract">Whether it is such a name.</param>
    /// <exception cref="NetworkException">ENOENT, ECONNREFUSED, EACCES, EAGAIN; ENAMETOOLONG beyond 107 bytes.</exception>
    IByteStream ConnectLocal(string path, bool isAbstract);
}
