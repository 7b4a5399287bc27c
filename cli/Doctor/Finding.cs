namespace Trm.Cli.Doctor;

/// <summary>One line of <c>trm doctor</c>.</summary>
/// <param name="Verdict">How it is.</param>
/// <param name="Found">What was found, with its figures.</param>
/// <param name="ToDo">What to do about it; null when nothing is, or what was found says so itself.</param>
internal sealed record Finding(Verdict Verdict, string Found, string? ToDo = null)
{
    public static Finding Ok(string found) => new(Verdict.Ok, found);

    public static Finding Warn(string found, string toDo) => new(Verdict.Warn, found, toDo);

    public static Finding Fail(string found, string? toDo = null) => new(Verdict.Fail, found, toDo);
}
