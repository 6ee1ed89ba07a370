from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.load.files import LIMIT
from cvnpolicy.load.nodes import MappingNode, RefusedNode, find, locate, sound, to_plain
from cvnpolicy.load.parse import FASTEST, MOST_PROBLEMS, parse

LOADERS = [pytest.param(FASTEST, id="fastest"), pytest.param(yaml.SafeLoader, id="pure")]


def read(text, **options):
    return parse(text if isinstance(text, bytes) else text.encode(), "f.yaml", **options)


def lines(parsed):
    return [f"{problem.rule} {problem}".replace("f.yaml:", "") for problem in parsed.problems]


def plain(parsed):
    return [to_plain(document) for document in parsed.documents]


def test_libyaml_is_what_is_tested():
    assert FASTEST is yaml.CLoader


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("a: 1\nb: *x\n", ["CVN003 2:4: the alias '*x': write the value out; quote it if it is text"]),
        ("a: &x 1\n", ["CVN003 1:4: the anchor '&x': remove it, and write the value where it is used"]),
        ("<<: {a: 1}\n", ["CVN003 1:1: the merge key '<<': write the merged keys out"]),
        ("a: !!str 5\n", ["CVN003 1:4: the tag '!!str': remove it; quote the value if it is meant as text"]),
        ("a: ! 5\n", ["CVN003 1:4: the tag '!': remove it; quote the value if it is meant as text"]),
        ("a: !own [1]\n", ["CVN003 1:4: the tag '!own': remove it; quote the value if it is meant as text"]),
        ("? [a]\n: b\n", ["CVN003 1:3: a list as a key: write a key of plain text"]),
        ("? {a: b}\n: {c: [d]}\n", ["CVN003 1:3: a mapping as a key: write a key of plain text"]),
        ("a: 1\n1: 2\n", ["CVN003 2:1: the key 1 is not text: quote it"]),
        ("true: 2\n", ["CVN003 1:1: the key true is not text: quote it"]),
        ("null: 2\n", ["CVN003 1:1: the key null is not text: quote it"]),
        ("1.5: 2\n", ["CVN003 1:1: the key 1.5 is not text: quote it"]),
        ("1e999: 2\n", ["CVN003 1:1: the key 1e999 is not text: quote it"]),
        ("?\n: 2\n", ["CVN003 1:2: a key is empty: write a name before the ':'"]),
        ("a: 1\nb: 2\n'a': 3\n", ["CVN004 3:1: the key 'a' comes twice: keep one of them; the first is on line 1"]),
        ("1: 1\n'1': 3\n", ["CVN003 1:1: the key 1 is not text: quote it",
                            "CVN004 2:1: the key '1' comes twice: keep one of them; the first is on line 1"]),
        ("a: " + "[" * 65 + "]" * 65, ["CVN003 1:67: nesting deeper than 64 levels: write it flatter"]),
        ("a: " + "1" * 41, ["CVN007 1:4: a number of 41 digits: write at most 40, or quote it as text"]),
        ("a: 1e999", ["CVN007 1:4: 1e999 is too large for a number: write a smaller one, or quote it as text"]),
        ("", ["CVN002 1:1: the file holds no document: write one, or remove the file"]),
        ("# only\n", ["CVN002 1:1: the file holds no document: write one, or remove the file"]),
        ("---\na: 1\n---\n# x\n", ["CVN002 3:1: the document is empty: write it, or remove the '---'"]),
        ("%YAML 1.1\n---\na: 1\n",
         ["CVN003 1:1: the directive %YAML 1.1: remove it: documents are read as YAML 1.2"]),
        ("%TAG !e! tag:e,2000:\n---\na: 1\n", ["CVN003 1:1: the directive %TAG: remove it: tags are not allowed"]),
        ('a: "\\e[0m"\n', ["CVN001 1:4: the control character U+001B: remove it"]),
        ('a: "\\0"\n', ["CVN001 1:4: the control character U+0000: remove it"]),
    ],
)  # fmt: skip
def test_refused(text, problems, loader):
    assert lines(read(text, loader=loader)) == problems


HINT = {
    "value": "write 'key: value', or indent it",
    "block": "quote the value, as in '> 0.01'",
    "open": "add the closing quote",
    "key": "start the key on its own line, or quote the text that holds ': '",
    "indent": "indent this line like the mapping's other keys, or quote the value above",
    "item": "start it with '- ', or indent the line",
    "list": "start the list on its own line, or quote the text",
    "new": "indent it, or start a new document with '---'",
    "escape": "use single quotes, or write the backslash twice",
    "tag": "remove it; quote the value if it is text that starts with '!'",
    "anchor": "quote the value if it is text that starts with '&' or '*'",
}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [1\n", "2:1: the list opened with '[' on line 1 is not closed: add ',' or ']' here"),
        ("a: {b: 1\n", "2:1: the mapping opened with '{' on line 1 is not closed: add ',' or '}' here"),
        ("a: [,\n", "1:5: a value is missing, or a bracket is not closed: write it, or close it"),
        ('a: "b\nc: d\n', "3:1: the quoted text that starts on line 1 is not closed: <open>"),
        ("a: 1\nb\n", "3:1: the text that starts on line 2 is neither a key nor part of the value above: <value>"),
        ("a: b: c\n", "1:5: a ':' where no key can be: <key>"),
        ("a: ? b\n", "1:4: a '?' where no key can be: quote the text"),
        ("a:\n  b: c\n d: e\n", "3:2: expected a key of the mapping that starts on line 1: <indent>"),
        ("- a\nb: c\n", "2:1: expected an item of the list that starts on line 1: <item>"),
        ("a: - b\n", "1:4: a '- ' where no list can start: <list>"),
        ("[a]\nb\n", "2:1: something follows the end of the document: <new>"),
        ("a:\n\tb: c\n", "2:1: a tab is used for indentation: use spaces"),
        ("a: @b\n", "1:4: '@' cannot start a value: quote the value"),
        ('a: "\\q"\n', "1:5: an escape that YAML does not know: <escape>"),
        ('a: "\\ud800"\n', "1:7: an escape that YAML does not know: <escape>"),
        (
            "a: > 0.01\n",
            "1:6: '|' or '>' starts a block of text on the next lines, and more follows it on this one: <block>",
        ),
        ("a: !x!y b\n", "1:4: a tag that is not well formed: <tag>"),
        ("a: & b\n", "1:5: an anchor or alias that is not well formed: <anchor>"),
        ("%YAML 3.0\n---\na: 1\n", "1:1: a version of YAML that cannot be read: remove the %YAML line"),
        ("%FOO\n---\na: 1\n", "1:5: a directive that YAML does not know: remove the line"),
        (
            "%YAML x\n---\na: 1\n",
            "1:7: not well-formed YAML (did not find expected version number): mend the text here",
        ),
    ],
)
def test_syntax_errors(text, problem):
    parsed = read(text)
    for word, hint in HINT.items():
        problem = problem.replace(f"<{word}>", hint)
    assert lines(parsed)[0] == f"CVN002 {problem}"
    assert not parsed.complete


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"a: caf\xe9\n", "CVN001 1:7: byte 0xE9 at offset 6 is not UTF-8: save it as UTF-8"),
        (b"\xef\xbb\xbf\xc3\xa9\r\nb\xff", "CVN001 2:2: byte 0xFF at offset 8 is not UTF-8: save it as UTF-8"),
        ("a: b".encode("utf-16"), "CVN001 1:1: the file is UTF-16 or UTF-32: save it as UTF-8"),
        ("a: b".encode("utf-32"), "CVN001 1:1: the file is UTF-16 or UTF-32: save it as UTF-8"),
        (b" " * (LIMIT + 1), "CVN001 1:1: the file is larger than 1 MiB: split it"),
    ],
)
def test_unreadable(data, problem):
    parsed = read(data)
    assert lines(parsed) == [problem]
    assert (parsed.documents, parsed.complete) == ((), False)


def test_a_file_of_exactly_the_limit_is_read():
    assert plain(read(b"a: b\n" + b"#" * (LIMIT - 5))) == [{"a": "b"}]


@pytest.mark.parametrize(
    ("sign", "problem"),
    [
        ("\x00", "the control character U+0000: remove it"),
        ("\x07", "the control character U+0007: remove it"),
        ("\x7f", "the control character U+007F: remove it"),
        ("\x80", "the control character U+0080: remove it"),
        ("\x85", "the character U+0085 ends a line for some programs only: use an ordinary line break"),
        ("\u2028", "the character U+2028 ends a line for some programs only: use an ordinary line break"),
        ("\ufeff", "the invisible character U+FEFF (byte order mark) inside the text: remove it"),
        ("\uffff", "the control character U+FFFF: remove it"),
        (
            "\u202e",
            "the invisible character U+202E (right-to-left override) makes text look other than it is: remove it",
        ),
        (
            "\u2066",
            "the invisible character U+2066 (left-to-right isolate) makes text look other than it is: remove it",
        ),
    ],
)
def test_hidden_characters(sign, problem):
    parsed = read(f"a: 1\r\nb: '😀{sign}'\nc: *x\n")
    assert lines(parsed)[0] == f"CVN001 2:6: {problem}"
    assert lines(parsed)[1].startswith("CVN003 3:4: the alias")
    assert plain(parsed) == [{"a": 1, "b": "😀\ufffd", "c": None}]


def test_a_syntax_error_that_follows_from_a_hidden_character_is_not_reported():
    parsed = read("a: 'b' \x00\n---\nc: d\n")
    assert lines(parsed) == ["CVN001 1:8: the control character U+0000: remove it"]
    assert (plain(parsed), parsed.complete) == ([{"c": "d"}], False)


@pytest.mark.parametrize("sign", ["\t", "\xa0", "\u200f", "\U0001f600", "\ue000"])
def test_characters_that_are_allowed(sign):
    assert plain(read(f"a: 'x{sign}y'")) == [{"a": f"x{sign}y"}]


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_columns_are_code_points_and_a_byte_order_mark_counts_for_none(start, loader):
    parsed = read(f"{start}'😀é': 'x' # é\n? 😀\n: y\n", loader=loader)
    place = locate(parsed.documents[0], ["😀é"])
    assert (place.line, place.column, place.end_line, place.end_column) == (1, 7, 1, 10)
    assert locate(parsed.documents[0], ["😀"]).line == 3


def test_lines_end_with_lf_cr_or_both():
    parsed = read("a: 1\rb: 2\r\nc: 3\n---\nd: [\n---\ne: *x")
    assert locate(parsed.documents[0], ["c"]).line == 3
    assert [problem.location.line for problem in parsed.problems] == [6, 7]


def test_what_is_refused_is_left_out_and_the_rest_read_on():
    parsed = read("a: &x 1\nb: *x\n<<: {z: 1}\nc: !!str 5\n? [k]\n: [v]\n1: 2\na: 9\n*x : q\nd: [1, *x]\n")
    assert [(problem.rule[-1], problem.location.line) for problem in parsed.problems] == [
        *[("3", line) for line in (1, 2, 3, 4, 5, 7)], ("4", 8), ("3", 9), ("3", 10),
    ]  # fmt: skip
    assert plain(parsed) == [{"a": 1, "b": None, "c": 5, "1": 2, "d": [1, None]}]
    document = parsed.documents[0]
    assert isinstance(document, MappingNode)
    assert document.partial
    assert isinstance(find(document, ["b"]), RefusedNode)
    assert not sound(document)
    assert parsed.complete


def test_every_document_is_read_after_a_syntax_error():
    parsed = read('a: [1\n---\nb: "x\n---\nc: }\n--- [\n---\nd: 1\n---\ne: [\n')
    assert [problem.location.line for problem in parsed.problems] == [2, 4, 5, 7, 11]
    assert plain(parsed) == [{"d": 1}]
    assert not parsed.complete


def test_a_document_is_kept_only_when_it_is_whole():
    assert plain(read("a: 1\n---\nb\nc: d\n")) == [{"a": 1}]


def test_block_spans_end_with_their_last_value():
    parsed = read("a:\n  b: c # x\n\n# y\nd: [e,\n f]\ng: {}\nh:\n  - i\n\n")
    spans = {key.text: value.location for key, value in parsed.documents[0].entries}
    assert (spans["a"].line, spans["a"].end_line, spans["a"].end_column) == (2, 2, 7)
    assert (spans["d"].end_line, spans["d"].end_column) == (6, 4)
    assert (spans["g"].column, spans["g"].end_column) == (4, 6)
    assert (spans["h"].end_line, spans["h"].end_column) == (9, 6)


def test_an_empty_block_mapping_cannot_be_but_a_refused_one_can():
    parsed = read("a:\n  ? [k]\n  : v\nb: 1\n")
    assert plain(parsed) == [{"a": {}, "b": 1}]


def test_a_quoted_merge_sign_is_an_ordinary_key():
    assert plain(read("'<<': 1\n")) == [{"<<": 1}]


def test_yaml_1_2_may_be_named():
    parsed = read("%YAML 1.2\n---\na: NO\n")
    assert (plain(parsed), parsed.problems) == ([{"a": "NO"}], ())


def test_depth_64_is_read():
    parsed = read("[" * 64 + "]" * 64)
    assert (len(parsed.documents), parsed.problems) == (1, ())


def test_after_too_deep_a_part_reading_goes_on():
    parsed = read("- " + "[" * 200 + "]" * 200 + "\n- *x\n")
    assert [problem.location.line for problem in parsed.problems] == [1, 2]
    assert (plain(parsed), parsed.complete) == ([[[*_nested(63)], None]], True)


def _nested(depth):
    value: list[object] = [None]
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.mark.parametrize("sign", ["[", "{", "- ", "? ", "{a: ", "[{", "a:\n -"])
def test_hopeless_nesting_ends_soon(sign):
    start = time.perf_counter()
    parsed = read((sign * (LIMIT // len(sign)))[:LIMIT])
    assert time.perf_counter() - start < 10
    assert parsed.problems
    assert not parsed.complete or not sound(parsed.documents[0])


def test_problems_are_bounded():
    parsed = read("- *x\n" * 10_000)
    assert len(parsed.problems) == MOST_PROBLEMS + 1
    assert (
        lines(parsed)[-1]
        == "CVN002 100:3: more than 100 problems in this file: mend these first; the rest was not read"
    )
    assert not parsed.complete
    exact = read("- *x\n" * MOST_PROBLEMS)
    assert (len(exact.problems), exact.complete) == (MOST_PROBLEMS, True)


@pytest.mark.parametrize("text", ["\x00" * 200, "--- [\n" * 200])
def test_hidden_characters_and_syntax_errors_are_bounded_too(text):
    assert len(read(text).problems) == MOST_PROBLEMS + 1


def test_ten_thousand_documents():
    start = time.perf_counter()
    parsed = read("---\na: {b: [c]}\n" * 10_000)
    assert time.perf_counter() - start < 10
    assert (len(parsed.documents), parsed.problems) == (10_000, ())


@pytest.mark.parametrize("text", ['a: "\\UFFFFFFFF"\n', 'a: "\\U00110000"\n'])
def test_the_pure_parser_lets_no_other_error_out(text):
    parsed = read(text, loader=yaml.SafeLoader)
    assert [problem.rule for problem in parsed.problems] == ["CVN002"]
    assert not parsed.complete


@pytest.mark.parametrize("loader", LOADERS)
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_no_input_raises(data, loader):
    parsed = parse(data, "f.yaml", loader=loader)
    assert parsed.documents or parsed.problems


SIGNS = st.lists(
    st.sampled_from(
        ["a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "? ", "&x ", "*x ", "!t ", '"', "'", "|\n", ">", "#",
         "---\n", "...\n", "%YAML 1.2\n", "%TAG ! x\n", "<<", "1", "true", "\t", "\\", "\x00", "\ufeff", "é", "\r"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("loader", LOADERS)
@given(text=SIGNS)
def test_no_text_of_yaml_signs_raises(text, loader):
    parsed = read(text, loader=loader)
    assert parsed.documents or parsed.problems
    for problem in parsed.problems:
        assert str(problem).startswith("f.yaml:")
        assert "\n" not in str(problem)
        assert "{opened}" not in str(problem)


@given(text=SIGNS)
def test_what_is_accepted_is_what_the_reference_accepts(text):
    parsed = read(text)
    if not parsed.problems:
        assert len(list(yaml.compose_all(text, Loader=yaml.CSafeLoader))) == len(parsed.documents)


# Where YAML 1.1 (which safe_dump writes) and 1.2 agree: no floats without a dot, and everything else quoted as needed.
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**38), 10**38),
    st.floats(allow_nan=False),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=20),
)
KEYS = st.text("abc é😀", min_size=1, max_size=5).map(lambda text: f"k{text}")
DATA = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)


@given(data=DATA, flow=st.sampled_from([True, False, None]), width=st.sampled_from([20, 10_000]))
def test_dumped_data_loads_equal(data, flow, width):
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True, width=width)
    parsed = read(text)
    assert parsed.problems == ()
    assert plain(parsed) == [data]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_quote_that_is_not_closed_is_named_where_it_opens(quote):
    text = f"a:\n  warn_if: {quote}> 10%\n  crit_if: {quote}> 20%{quote}\n"
    (problem,) = read(text).problems
    assert str(problem).endswith("; or close the quote that line 2 opens")
    assert problem.location is not None
    assert problem.location.line == 3
    closed = text.replace("10%", f"10%{quote}")
    assert read(closed).problems == ()
    apart = f"a: {quote}two\n  lines{quote}\nb: 1\nc: ]\n"
    assert [problem.right for problem in read(apart).problems if "quote that line" in problem.right] == []
