"""What a built site leaves out, and what it must keep."""

from pathlib import Path

from neuralblog_site.pages.slim import slim_page, slim_scripts, slim_styles

PAGE = """<head>
  <link rel="stylesheet" href="../assets/stylesheets/main.1a.min.css">
  <link rel="stylesheet" href="../assets/stylesheets/palette.1a.min.css">
  <link rel="stylesheet" href="../assets/css/neuralblog.css">

  <title>A</title></head>
<script>
  // a remark
  go("//x"); // and another
</script>
<article><pre><span class="k">def</span> <span class="n">f</span><span class="p">(</span>

</pre><b class="seen">unused-part</b><math><mi>x</mi><mo>&lt;</mo></math></article>
"""


def test_a_page_keeps_its_text_and_its_colored_words() -> None:
    made = slim_page(PAGE)
    assert '<pre><span class="k">def</span> f(\n\n</pre>' in made
    assert '<script>\ngo("//x"); // and another\n</script>' in made
    assert made.count("stylesheet") == made.count("css/neuralblog.css") == 1


def test_rules_stay_if_a_page_or_a_script_may_need_them(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "assets" / "made.js").write_text('x.className = "md-later" // tip')
    ours = tmp_path / "assets" / "css" / "neuralblog.css"
    material = tmp_path / "assets" / "stylesheets" / "main.1a.min.css"
    for path in (ours, material):
        path.parent.mkdir()
    ours.write_text(".seen { left: 1px }")
    material.write_text(
        ".seen, .unused-part { top: 0 } .md-later:not(.unused-part) { top: 1px }"
        "@media print { .unused-part b { top: 2px } .seen { top: 3px } }"
        "[dir=rtl] .seen { top: 4px } :root{--md-x-icon--a:url(data:a);--b:1}"
        ".seen:is(.unused-part, b) { top: 5px } .tip { top: 6px }"
    )
    slim_styles(tmp_path)
    made = ours.read_text()
    assert made.index("5px") < made.index("left") and not material.exists()
    assert made.count("top") == 4
    assert all(f"{n}px" in made for n in (1, 3, 5)) and ".unused-part {" not in made
    assert "data:a" not in made and "--b:1" in made


def test_a_script_keeps_what_it_does(tmp_path: Path) -> None:
    path = tmp_path / "assets" / "js" / "site.js"
    path.parent.mkdir(parents=True)
    path.write_text('// says\nif (x) {\n  // why\n  go("//x"); // so\n}\n')
    slim_scripts(tmp_path)
    assert path.read_text() == 'if (x) {\ngo("//x"); // so\n}\n'
