# SPDX-License-Identifier: GPL-3.0-or-later
"""The compiler of templates refuses everything that could put a value out unescaped."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tap  # noqa: E402

sys.path.insert(0, str(tap.SOURCE / "tools"))
import templates  # noqa: E402


def kinds(html):
    operations = templates.compile_template("x", html, {"page.known"}, ["part"])
    return [operation[0] for operation in operations if operation[1]]


def refused(html, words):
    try:
        kinds(html)
    except templates.Bad as reason:
        assert words in str(reason), reason
        return
    raise AssertionError(f"accepted: {html}")


def test_values_stand_in_text_and_quoted_attributes():
    assert kinds('<p title="{{a}}">{{b}}</p>') == ["HTML", "VALUE", "HTML", "VALUE", "HTML"]


def test_a_value_outside_of_quotes_is_refused():
    refused("<p title={{a}}>", "outside of quotes")
    refused("<p {{a}}>", "outside of quotes")
    refused("<p title='{{a}}'>", "double quotes")


def test_an_address_cannot_begin_with_a_value():
    refused('<a href="{{a}}">x</a>', "an address begins")
    refused('<form action="{{a}}">x</form>', "an address begins")
    assert "VALUE" in kinds('<a href="/people/{{a}}">x</a>')


def test_nothing_runs_inside_a_page():
    refused("<script>x</script>", "script")
    refused("<style>x</style>", "style")
    refused('<p onclick="x">', "event")
    refused('<p style="x">', "style")


def test_sections_are_closed_where_they_began():
    refused("{{#a}}x", "open at the end")
    refused("{{#a}}{{/b}}", "not open")
    refused("<p {{#a}}>{{/a}}", "different places")
    assert kinds("<p{{#a}} hidden{{/a}}></p>") == ["HTML", "SECTION", "HTML", "END", "HTML"]


def test_unknown_messages_parts_and_tags_are_refused():
    refused("{{t:page.unknown}}", "no message")
    refused("{{>nothing}}", "no template")
    refused("{{{a}}}", "not a tag")
    refused("{{&a}}", "not a tag")


def test_every_template_is_built_in_and_every_page_has_its_own():
    built = set(re.findall(r"'templates/(\w+)\.html'", (tap.SOURCE / "data/meson.build").read_text()))
    there = {path.stem for path in (tap.SOURCE / "data/templates").glob("*.html")}
    assert built == there, built ^ there
    pages = "".join(path.read_text() for path in (tap.SOURCE / "src/web").glob("*.c"))
    shown = set(re.findall(r'answer_page\(\w+,\s*\w+,\s*"(\w+)"', pages))
    assert len(shown) > 20 and shown <= built, shown - built


if __name__ == "__main__":
    tap.run(sys.modules[__name__])
