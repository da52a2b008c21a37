using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Firstbyte.Tests.Architecture;

/// <summary>Which folder of <c>src</c> uses which, read from the compiled assemblies: signatures, attributes and the bodies of methods.</summary>
/// <remarks>
/// Theory of operation. A folder has its own namespace, so a type's assembly and namespace say where it stands; a folder's name is the assembly's last word and
/// the path below it, such as <c>Protocols/Dns/Wire</c>. What only a comment names, and constants that the compiler has copied, are no arrows.
/// </remarks>
internal static class Arrows
{
    private const string Product = "Firstbyte.";

    /// <summary>The folder that a type of the product stands in; null for foreign and compiler-made types.</summary>
    public static string? FolderOf(string? assembly, string? name)
    {
        assembly = assembly switch
        {
            "firstbyte" => "Firstbyte.Cli",
            "firstbyte-host" => "Firstbyte.Host",
            _ => assembly,
        };
        if (assembly is null || !assembly.StartsWith(Product, StringComparison.Ordinal) || string.IsNullOrEmpty(name)) { return null; }
        var part = assembly[Product.Length..];
        if (name != "Firstbyte" && !name.StartsWith(Product, StringComparison.Ordinal)) { return null; }
        var below = name == "Firstbyte" ? "" : name[Product.Length..];
        if (below == part) { return part; }
        if (below.StartsWith(part + ".", StringComparison.Ordinal)) { below = below[(part.Length + 1)..]; }
        return below.Length == 0 ? part : $"{part}/{below.Replace('.', '/')}";
    }

    /// <summary>All arrows that start in the assemblies, each with one place where it is drawn.</summary>
    public static SortedDictionary<(string From, string To), string> Read(IEnumerable<string> assemblies)
    {
        var arrows = new SortedDictionary<(string, string), string>();
        foreach (var path in assemblies)
        {
            using var module = ModuleDefinition.ReadModule(path);
            foreach (var type in module.GetTypes())
            {
                var from = FolderOf(module.Assembly.Name.Name, Outermost(type).Namespace);
                if (from is null) { continue; }
                Visit(type, (used, place) => Add(arrows, from, used, place));
            }
        }
        return arrows;
    }

    private static void Add(SortedDictionary<(string, string), string> arrows, string from, TypeReference used, string place)
    {
        if (FolderOf(AssemblyOf(used), Outermost(used).Namespace) is { } to && to != from) { arrows.TryAdd((from, to), place); }
    }

    private static string? AssemblyOf(TypeReference type) => type.Scope switch
    {
        AssemblyNameReference reference => reference.Name,
        ModuleDefinition module => module.Assembly.Name.Name,
        _ => null,
    };

    private static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer) { type = outer; }
        return type;
    }

    private static void Visit(TypeDefinition type, Action<TypeReference, string> seen)
    {
        void See(TypeReference? used, string place) { foreach (var plain in Plain(used)) { seen(plain, place); } }
        void Attributes(ICustomAttributeProvider owner, string place)
        {
            if (!owner.HasCustomAttributes) { return; }
            foreach (var attribute in owner.CustomAttributes) { See(attribute.AttributeType, place); }
        }
        See(type.BaseType, type.FullName);
        Attributes(type, type.FullName);
        foreach (var implemented in type.Interfaces) { See(implemented.InterfaceType, type.FullName); }
        foreach (var parameter in type.GenericParameters) { foreach (var constraint in parameter.Constraints) { See(constraint.ConstraintType, type.FullName); } }
        foreach (var field in type.Fields) { See(field.FieldType, field.FullName); Attributes(field, field.FullName); }
        foreach (var method in type.Methods)
        {
            Attributes(method, method.FullName);
            Signature(method, used => See(used, method.FullName));
            if (!method.HasBody) { continue; }
            foreach (var local in method.Body.Variables) { See(local.VariableType, method.FullName); }
            foreach (var instruction in method.Body.Instructions) { Operand(instruction, used => See(used, method.FullName)); }
            foreach (var handler in method.Body.ExceptionHandlers) { See(handler.CatchType, method.FullName); }
        }
    }

    private static void Operand(Instruction instruction, Action<TypeReference?> see)
    {
        switch (instruction.Operand)
        {
            case TypeReference used: see(used); break;
            case FieldReference field: see(field.DeclaringType); see(field.FieldType); break;
            case MethodReference called: Signature(called, see); see(called.DeclaringType); break;
        }
    }

    private static void Signature(MethodReference method, Action<TypeReference?> see)
    {
        see(method.ReturnType);
        foreach (var parameter in method.Parameters) { see(parameter.ParameterType); }
        if (method is GenericInstanceMethod instance) { foreach (var argument in instance.GenericArguments) { see(argument); } }
    }

    /// <summary>The named types inside a type: element types, generic arguments.</summary>
    private static IEnumerable<TypeReference> Plain(TypeReference? type)
    {
        switch (type)
        {
            case null or GenericParameter: yield break;
            case FunctionPointerType: yield break;
            case GenericInstanceType generic:
                yield return generic.ElementType;
                foreach (var argument in generic.GenericArguments) { foreach (var plain in Plain(argument)) { yield return plain; } }
                yield break;
            case TypeSpecification specification:
                foreach (var plain in Plain(specification.ElementType)) { yield return plain; }
                yield break;
            default: yield return type; yield break;
        }
    }
}
