using System.Globalization;
using System.Net;
using System.Text;

namespace Trm.Cli.Backtests;

/// <summary>
/// One plot as inline SVG: a frame with an axis on the left and one below, and what is drawn into it in the data's own units.
/// Colours come from the page's style, which knows light and dark.
/// </summary>
internal sealed class Plot
{
    private const double Left = 66, Top = 12, Bottom = 30;

    private readonly StringBuilder svg = new();
    private readonly (double From, double To) x, y;
    private readonly double width, height, right;

    /// <param name="description">For those who cannot see it.</param>
    /// <param name="size">In units of the view box; the page scales it.</param>
    /// <param name="x">Ends of the axis below.</param>
    /// <param name="y">Ends of the axis on the left.</param>
    /// <param name="right">Room on the right, for labels.</param>
    public Plot(string description, (double Width, double Height) size, (double From, double To) x, (double From, double To) y, double right = 16)
    {
        (this.x, this.y, width, height, this.right) = (x, y, size.Width, size.Height, right);
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {width:0} {height:0}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(description)}\">\n");
    }

    /// <summary>A grid line with its value on the left.</summary>
    public void TickY(double value, string label)
    {
        Append($"<line class=\"grid\" x1=\"{Left:0}\" x2=\"{width - right:0}\" y1=\"{Y(value):0.#}\" y2=\"{Y(value):0.#}\"/>");
        Append($"<text x=\"{Left - 8:0}\" y=\"{Y(value) + 4:0.#}\" text-anchor=\"end\">{WebUtility.HtmlEncode(label)}</text>\n");
    }

    /// <summary>A grid line with its value below.</summary>
    public void TickX(double value, string label)
    {
        Append($"<line class=\"grid\" x1=\"{X(value):0.#}\" x2=\"{X(value):0.#}\" y1=\"{Top:0}\" y2=\"{height - Bottom:0}\"/>");
        Append($"<text x=\"{X(value):0.#}\" y=\"{height - Bottom + 18:0}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(label)}</text>\n");
    }

    public void Line(IEnumerable<(double X, double Y)> points, string style, string title)
    {
        Append($"<polyline class=\"{style}\" points=\"");
        foreach (var point in points) Append($"{X(point.X):0.#},{Y(point.Y):0.#} ");
        Append($"\"><title>{WebUtility.HtmlEncode(title)}</title></polyline>\n");
    }

    public void Dot(double atX, double atY, double radius, string title) =>
        Append($"<circle class=\"dot\" cx=\"{X(atX):0.#}\" cy=\"{Y(atY):0.#}\" r=\"{radius:0.#}\"><title>{WebUtility.HtmlEncode(title)}</title></circle>\n");

    /// <summary>A block from one place to another.</summary>
    public void Block((double From, double To) across, (double From, double To) up) => Append(
        $"<rect class=\"block\" x=\"{X(across.From):0.#}\" width=\"{Math.Max(X(across.To) - X(across.From), 0.8):0.#}\" y=\"{Y(up.To):0.#}\" height=\"{Y(up.From) - Y(up.To):0.#}\"/>\n");

    /// <summary>A word right of the frame.</summary>
    public void Label(double atY, string text, string style) =>
        Append($"<text class=\"{style}\" x=\"{width - right + 6:0}\" y=\"{Y(atY) + 4:0.#}\">{WebUtility.HtmlEncode(text)}</text>\n");

    public override string ToString() => svg + "</svg>\n";

    private double X(double value) => Left + ((value - x.From) / (x.To - x.From) * (width - Left - right));

    private double Y(double value) => height - Bottom - ((value - y.From) / (y.To - y.From) * (height - Top - Bottom));

    private void Append(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
