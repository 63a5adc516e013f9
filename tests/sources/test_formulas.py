"""Formulas are rendered when the site is built, or the build stops."""

import pytest

from neuralblog_site.sources.formulas import FormulaError, mathml


def test_inline_and_block() -> None:
    inline, block = mathml(r"\frac{1}{2}"), mathml("x", block=True)
    assert inline.startswith("<math alttext=") and "<mfrac>" in inline
    assert 'display="block"' in block and "display" not in inline


def test_signs_that_html_would_swallow_are_escaped() -> None:
    assert "<mo>&lt;</mo>" in mathml("a < b")
    assert "&amp;" not in mathml(r"\sum_{i=1}^{n} x_i")


def test_a_prime_follows_its_letter_since_fonts_raise_it_themselves() -> None:
    prime = '<mo lspace="0" rspace="0">{}</mo>'
    assert f"<mrow><mi>f</mi>{prime.format('′')}</mrow>" in mathml("f'(x)")
    assert f"<mrow><mi>g</mi>{prime.format('″')}</mrow>" in mathml("g''")
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in mathml("x^2")


def test_a_sign_stands_close_to_its_number_and_a_name_apart() -> None:
    sign = '<mo form="prefix">−</mo>'
    assert f"{sign}<mn>6</mn>" in mathml(r"2 \cdot (-6)")
    assert mathml(r"(0,\ -27,\ -27)").count(f"{sign}<mn>27</mn>") == 2
    assert "prefix" not in mathml("(a) - b - c")
    assert '<mi>log</mi><mspace width="0.167em" /><mi>p</mi>' in mathml(r"-\log p")
    assert "mspace" not in mathml(r"\max(z, 0)")


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\sigmoid(z)", r"unknown macro \\sigmoid"),
        (r"\frac{1}{2", "unbalanced braces"),
        (r"x}", "unbalanced braces"),
        (r"\begin{cases} 1", "opened but not closed"),
        (r"\left( x", "opened but not closed"),
        (r"a & b", "a stray &"),
        (r"x_1_2", "DoubleSubscripts"),
        (r"\frac{1}", "has no argument"),
        (r"x^", "cannot read"),
        (r"\href{javascript:alert(1)}{x}", r"\\href in"),
        (r"\text{<script>}", "TeX that makes the text '<script>'"),
        (r"\text{if $x$}", "TeX that makes the text"),
        (r"\style{color: red}{x}", r"\\style in"),
        (r"\mathop{\mathrm{argmax}}_x", "<mrow> inside of <mo>"),
        (r"\footnotesize x", 'TeX that makes mathsize="0.85em" of <mstyle>'),
        (r"50%", "a % that hides"),
        (r"\hspace{999em} x", 'TeX that makes width="999em" of <mspace>'),
        (r"\begin{itemize} x \end{itemize}", "the environment 'itemize'"),
        (r"x $$ and $$ y", "does not end here"),
        (r"latex x^2", "does not end here"),
        (r"\quad", "nothing to see"),
        (r"\begin{pmatrix*}[r] 1 \end{pmatrix*}", "the environment 'pmatrix\\*'"),
        (r"x \tag{1}", r"\\tag in"),
        (r"\newcommand{\a}{b}", r"\\newcommand in"),
        (r"\cancel{x}", r"\\cancel in"),
        (r"\begin{aligned} a &= b \end{aligned}", "the environment 'aligned'"),
        (r"a \\ b", "lines outside of an environment"),
        (r"5 and then", "the words 'and then'"),
        (r"softmax(z)", "the words 'softmax'"),
    ],
)
def test_what_cannot_be_read_is_an_error(tex: str, reason: str) -> None:
    with pytest.raises(FormulaError, match=reason):
        mathml(tex)


def test_variants_are_letters_of_their_own_since_browsers_know_no_other() -> None:
    assert "<mn>𝟏𝟐</mn>" in mathml(r"\mathbf{12}")
    assert "<mi>𝒙</mi><mi>𝜶</mi>" in mathml(r"\boldsymbol{x\alpha}")
    assert "<mtext>𝑎ℎ</mtext>" in mathml(r"\textit{ah}")
    assert 'width="-0.167em"' in mathml(r"a\!b")


@pytest.mark.parametrize(
    "tex",
    [
        r"50\%",
        r"\begin{align*} a &= b \end{align*}",
        r"\substack{a\\b}",
        r"\text{one}\;\operatorname{softmax}(z)",
        r"\{a\}",
        r"a \le b",
        r"\text{else}",
        r"\hat{y}",
    ],
)
def test_what_can_be_read(tex: str) -> None:
    assert mathml(tex).startswith("<math")
