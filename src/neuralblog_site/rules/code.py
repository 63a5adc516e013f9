"""Rules on the code of a snippet: those that reading tells, and the rows of the others."""

import ast
import re
import sys
from collections.abc import Iterator
from typing import TypeVar

from neuralblog_site.rules import Finding, rule, told_by_running
from neuralblog_site.rules.picture_files import STILL
from neuralblog_site.running.error_messages import MEND
from neuralblog_site.sources.exercises import BEGIN
from neuralblog_site.sources.names import Names, bindings, reached
from neuralblog_site.sources.page import Page, parsed
from neuralblog_site.sources.snippets import DRAW

AVAILABLE = {"numpy", "matplotlib", "neuralblog", "mpl_toolkits"}
NETWORK = {"urllib", "http", "socket", "requests", "ftplib", "smtplib", "ssl", "httpx"}
GENERATOR = "default_rng|Generator|SeedSequence|PCG64|BitGenerator"
RANDOM = (
    rf"numpy\.random\.(?!({GENERATOR})$)[\w*]+"
    r"|os\.(urandom|getrandom)|random|secrets|uuid"
)
EXITS = (
    r"builtins\.(exit|quit|input|breakpoint)"
    r"|sys\.(exit|stdin|__stdin__)|os\.(_exit|abort)"
)
DIFFERING = (  # from one run to the next, or from one machine to the next
    r"builtins\.(id|hash|globals|locals|__file__)|time\.(?!sleep$)\w+"
    r"|datetime\.(datetime|date)\.(now|today|utcnow|fromtimestamp)"
    r"|os\.(get(?!random)\w+|environb?|cpu_count|uname|times|stat|listdir|scandir|walk|ttyname|sep|name"
    r"|linesep|path\.(abspath|realpath|expanduser|expandvars|get\w+))"
    r"|(glob|platform|locale|getpass|sysconfig|tracemalloc|traceback)(\.\w+)+"
    r"|pathlib\.(Posix)?Path\.(cwd|home)|tempfile\.(gettempdir|mk\w+)|gc\.get\w*"
    r"|sys\.(version(_info)?|platform|executable|argv|modules|path|flags|implementation"
    r"|maxsize|byteorder|hash_info|\w*prefix|_getframe|get\w+)"
    r"|email\.utils\.(formatdate|localtime)|shutil\.(get_terminal_size|disk_usage|which)|threading\.(get_ident|get_native_id)"
    r"|inspect\.(stack|currentframe|getfile|getsourcefile)|matplotlib\.(pyplot\.)?get_backend"
    r"|numpy\.empty(_like)?|\w+(\.\w+)*\.__(file|version|path)__"
)
OUTLIVING = (
    r"os\.(f?chdir|chroot|umask|(un)?putenv|unsetenv|nice|kill|killpg|dup2?|close\w*|set\w+)"
    r"|sys\.(addaudithook|set\w+|(__)?std\w+\.(close|detach|reconfigure)|__std\w+)"
    r"|(threading|multiprocessing|_thread|concurrent\.futures|atexit|logging|resource"
    r"|faulthandler|sched|c?[pP]rofile|webbrowser|code|pdb|bdb|readline|linecache|mimetypes"
    r"|site|copyreg)(\.\w+)+|signal\.(?!SIG)\w+|gc\.(?!get|collect)\w+|importlib\.reload"
    r"|warnings\.(filterwarnings|simplefilter|resetwarnings)|weakref\.finalize"
    r"|locale\.setlocale|codecs\.(un)?register\w*|csv\.field_size_limit|tracemalloc\.start"
    r"|decimal\.([gs]etcontext|DefaultContext|BasicContext)|asyncio\.(set|new)_event_loop\w*"
    r"|numpy\.(seterr|seterrcall|set_printoptions|set_string_function|setbufsize)"
    r"|matplotlib\.(use|pyplot\.(switch_backend|ion|ioff))"
)
CHANGING = {  # methods of lists and dictionaries
    *("append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse"),
    *("setdefault", "sort", "update"),
}
ANSWERING = (  # what it gives back is all that such a function does
    r"neuralblog\.(?!plotting|diagrams)(\w+\.)?(?!train$|show_|check_)[a-z]\w*"
    r"|numpy\.(?!copyto|put|place|fill_diag|save|set|show|test|info)[a-z0-9_]+"
    r"|builtins\.(abs|all|any|bool|dict|float|int|len|list|max|min|repr|round|set"
    r"|sorted|str|sum|tuple|type|zip)"
)
METHODS = {  # of arrays and layers
    *("sum", "mean", "std", "max", "min", "argmax", "argmin", "round", "astype"),
    *("reshape", "transpose", "copy", "tolist", "item", "predict", "summary"),
}
UNFILLED = (  # functions of numpy that reduce nothing
    r"numpy\.(?!(nan)?(all|any|max|mean|min|prod|std|sum|var|amax|amin|average)$)\w+"
)
FORMATTED = "print at most four decimals with a format string"
LINES, COLUMNS = 25, 76
Node = TypeVar("Node", bound=ast.AST)


@rule(
    "SN04",
    "imports nothing from neuralblog",
    "import what the snippet shows from neuralblog",
)
def uses_library(page: Page) -> Iterator[Finding]:
    """The snippets are the library's examples, and its tests."""
    for snippet in page.snippets:
        tree = parsed(snippet.program)
        if tree and "neuralblog" not in {name for _, name in _imports(tree)}:
            yield snippet.line, "the snippet imports nothing from neuralblog"


@rule(
    "SN05",
    "shadows a name of the library",
    "choose another name",
    ("post", "lab", "page"),
)
def shadows_nothing(page: Page) -> Iterator[Finding]:
    """A reader who reuses the name below gets something else than the library's."""
    public = page.site.public_names | {"neuralblog", "np", "plt"}
    for _, tree in page.trees:
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        methods = {node for one in classes for node in one.body}  # reached by a dot
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names = [node.id]
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                names = [] if node in methods else [node.name]
            elif isinstance(node, ast.Import | ast.ImportFrom):
                module = getattr(node, "module", None) or ""
                names = [
                    a.asname or a.name
                    for a in node.names
                    if not (module or a.name).startswith(
                        ("neuralblog", "numpy", "matplotlib")
                    )
                ]
            for name in sorted(set(names) & public):
                line = node.lineno  # type: ignore[attr-defined]
                yield line, f"`{name}` shadows the library's `{name}`"


told_by_running("SN06", "raises", MEND, "A reader who copies it gets a traceback.")
told_by_running(
    "SN07",
    "prints something else than the page says",
    "mend it, or run `neuralblog-site update FILE`",
    "The page would lie.",
)
told_by_running(
    "SN08",
    "prints, but the page shows no output",
    "run `neuralblog-site update FILE`",
    "What is not compared is not tested.",
)


@rule("SN09", "the output is not stable", FORMATTED)
def stable(page: Page) -> Iterator[Finding]:
    """The last digits, addresses and times differ from one machine to the next.

    So does what `np.empty`, or `where=` without `out=`, finds in memory. What a snippet prints is compared with a run on other CPU kernels.
    """
    for line, name in reached(page, DIFFERING):
        fix = "print what is the same on each run"
        if name.startswith("numpy.empty"):  # holds what was there before
            fix = f"write `{name.replace('empty', 'zeros').replace('numpy', 'np')}`"
        yield line, f"`{name}` differs from run to run", fix
    for snippet, tree in page.trees:
        for call in _walk(tree, ast.Call):
            given = {keyword.arg for keyword in call.keywords}
            name = Names(snippet).full(call.func)
            if "where" in given and "out" not in given and re.fullmatch(UNFILLED, name):
                fix = "add `out=np.zeros(...)`, or use `np.where`"
                yield call.lineno, f"`{name}` leaves what `where` leaves out unset", fix
    for snippet in page.snippets:
        for row, text in enumerate((snippet.expected or "").splitlines()):
            if found := fragile(text):
                yield snippet.expected_line + row, *found


def fragile(text: str) -> tuple[str, str] | None:
    """What of a printed line is not stable, and the cure."""
    if digits := re.search(r"\d*\.\d{5,}", text):
        return f"{digits[0]} has more than four decimals", FORMATTED
    if bare := re.search(r"\b(np\.)?(array|float(16|32|64)|u?int(8|32|64))\(", text):
        return f"a bare repr: {bare[0]!r}", "print it with a format string"
    if address := re.search(r"\b0x[0-9a-f]{6,}\b", text):
        return f"the address {address[0]}", "print something else"
    return None


@rule("SN10", "randomness without a seed", "use rng = np.random.default_rng(0)")
def seeded(page: Page) -> Iterator[Finding]:
    """Whoever runs it again must see the same; other code moves a global seed."""
    for line, name in reached(page, RANDOM):
        yield line, f"`{name}` is not seeded, or seeded for everybody"
    for snippet, tree in page.trees:
        names = Names(snippet)
        for call in _walk(tree, ast.Call):
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            called = names.full(call.func) == "numpy.random.default_rng"
            if called and all(ast.unparse(seed) == "None" for seed in given):
                yield call.lineno, "default_rng without a seed"


@rule(
    "SN13",
    "a main guard, an exit, a question to the user, or a top-level await",
    "let the snippet run from top to bottom",
)
def runs_through(page: Page) -> Iterator[Finding]:
    """A snippet is a program that anybody can paste anywhere."""
    for line, name in reached(page, EXITS):
        yield line, f"uses `{name}`"
    for _, tree in page.trees:
        inside = {id(n) for f in _walk(tree, ast.AsyncFunctionDef) for n in ast.walk(f)}
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
                what = "a `__main__` guard"
            elif isinstance(node, ast.Raise) and "SystemExit" in ast.unparse(node):
                what = "raises SystemExit"
            elif isinstance(node, ast.Await) and id(node) not in inside:
                what = "a top-level await"
            else:
                continue
            yield node.lineno, what


@rule("SN14", "too slow, too large, or endless", "make it end, or make it smaller")
def hurries(page: Page) -> Iterator[Finding]:
    """Readers wait too.

    It is stopped from outside after 15 s, or 50 s where it trains; and at 3 GB of
    memory, since a page has no more than 2 GB.
    """
    for line, name in reached(page, r"(time|asyncio)\.sleep"):
        yield line, f"`{name}` only waits", "leave it out"


@rule("SN15", "reaches for the network", "use what the library ships")
def offline(page: Page) -> Iterator[Finding]:
    """The page must print the same tomorrow, and on a train."""
    for line, name in reached(page, "|".join(NETWORK)):
        yield line, f"imports `{name}`"


told_by_running(
    "SN16",
    "writes a file into the reader's folder, also where it deletes it again",
    "write to io.BytesIO, or into a tempfile.TemporaryDirectory()",
    "A reader's folder is the reader's: there may be a file of that name in it.",
)


@rule(
    "SN17",
    "needs a package that is not available here",
    "use numpy, matplotlib and neuralblog",
)
def available(page: Page) -> Iterator[Finding]:
    """Snippets also run in the page, which has these three and the standard library."""
    for _, tree in page.trees:
        for node, name in _imports(tree):
            standard = name in sys.stdlib_module_names or name in ("pytest", *NETWORK)
            if name not in AVAILABLE and not standard:
                yield node.lineno, f"imports `{name}`"
        for asked in ast.walk(tree):
            match asked:
                case ast.Constant("text.usetex") | ast.keyword("usetex"):
                    fix = "leave it out: Matplotlib draws `$...$` by itself"
                    yield asked.lineno, "asks for LaTeX", fix


@rule(
    "SN18",
    "a character that only looks right",
    "type it on the keyboard: \", ', - or a space",
)
def plain_characters(page: Page) -> Iterator[Finding]:
    """Word processors put smart quotes and no-break spaces into code.

    Python stops there, or worse, does not.
    """
    pattern = "[\u00a0\u2000-\u201f\u2028-\u202f\u2060\u2212\ufeff\uff08\uff09]"
    for snippet in page.snippets:
        for row, text in enumerate(snippet.code.splitlines()):
            if "\t" in text:
                fix = "indent with four spaces; in a string write `\\t`"
                yield snippet.line + row, "a tab", fix
            elif found := re.search(pattern, text):
                yield snippet.line + row, f"the character U+{ord(found[0]):04X}"


@rule("SN26", "a name that readers cannot type", "write the name with a to z")
def typed(page: Page) -> Iterator[Finding]:
    """A Cyrillic letter looks like ours, and makes another name of it."""
    for _, tree in page.trees:
        for node in ast.walk(tree):
            given = ("id", "arg", "attr", "name", "asname")
            names = [str(getattr(node, key, None) or "") for key in given]
            for name in names:
                if not name.isascii() and hasattr(node, "lineno"):
                    what = f"the name {name!r} has a letter that is not a to z"
                    yield node.lineno, what


@rule(
    "SN19",
    "too long",
    f"at most {LINES} lines of at most {COLUMNS} columns: split it, or say less",
)
def short(page: Page) -> Iterator[Finding]:
    """It has to be read, on a telephone too."""
    for snippet in page.snippets:
        rows = snippet.code.splitlines()
        if len(rows) > LINES and page.kind != "lab":
            yield snippet.line + LINES, f"the snippet has {len(rows)} lines"
        for row, text in enumerate(rows):
            if len(text) > COLUMNS:
                yield snippet.line + row, f"the line has {len(text)} columns"


@rule(
    "SN24",
    "a drawing part that is misspelled, empty, or draws nothing",
    "write one line `# draw` above the lines that draw the snippet's figure",
)
def drawing_is_told_apart(page: Page) -> Iterator[Finding]:
    """The page folds these lines, so that the reader sees those that teach."""
    for snippet in page.snippets:
        rows = snippet.code.splitlines()
        begun = False
        for row, text in enumerate(rows):
            line = snippet.line + row
            text = text.strip()
            if text != DRAW and re.fullmatch(r"#+\s*draw(s|ing)?\W*", text, re.I):
                yield (line, f"`{text}` begins no drawing part", f"write `{DRAW}`")
            elif text == DRAW and begun:
                yield line, "a second drawing part", "draw all of it at the end"
            elif text == DRAW:
                begun = True
                rest = [r for r in rows[row + 1 :] if r.strip()]
                if not any(not r.lstrip().startswith("#") for r in rest):
                    yield line, "a drawing part with nothing in it"
                elif not snippet.figures:
                    yield line, "a drawing part in a snippet without a figure"


@rule(
    "SN28",
    "does something that outlives the snippet",
    "use a `with` block that ends, as np.errstate or np.printoptions, or leave it out",
)
def ends(page: Page) -> Iterator[Finding]:
    """The next snippet of the page would behave otherwise than in the build.

    Filters, threads, hooks, logging, the folder, settings of Python (as `gc.disable`),
    of NumPy and of the figures' backend, and whatever of a module is replaced.
    What gets through is undone after each snippet, in the page as in the build.
    """
    told = set()
    for line, name in reached(page, OUTLIVING):
        told.add(line)
        if name.startswith("os.kill"):
            fix = "leave it out: a snippet touches nothing but itself"
            yield line, f"`{name}` ends a process", fix
        else:
            yield line, f"`{name}` outlives the snippet"
    for snippet, tree in page.trees:
        names = Names(snippet)
        for node in ast.walk(tree):
            line = getattr(node, "lineno", 0)
            changed = _changed(node, names).removeprefix("builtins.")
            if line in told:
                continue
            if changed:
                fix = "leave it out: what is imported is used as it is"
                yield line, f"replaces `{changed}`", fix
            elif isinstance(node, ast.Attribute) and node.attr == "__enter__":
                yield line, "a `with` block that is never left"
            elif isinstance(node, ast.FunctionDef) and node.name == "__del__":
                fix = "leave it out: nobody knows when it runs"
                yield line, "`__del__` runs after the snippet", fix


@rule(
    "SN29",
    "a line that does nothing",
    "print what it shows, or import by name what is used",
    ("post", "page"),
)
def does_something(page: Page) -> Iterator[Finding]:
    """A notebook shows its last line; a page shows what is printed.

    What a function gives back is lost, too, unless something takes it. An import with
    `*` does not say what it brings. Where readers write a part, they may need more.
    """
    shown = (ast.Name, ast.BinOp, ast.Compare, ast.Subscript, ast.Tuple)
    for snippet, tree in page.trees:
        names = Names(snippet)
        used = {node.id for node in _walk(tree, ast.Name)}
        for node in tree.body:
            line = node.lineno
            match node:
                case ast.Expr(value) if isinstance(value, shown):
                    yield line, f"`{ast.unparse(node)}` shows nothing"
                case ast.Expr(ast.Call(func)) if _answers(func, names):
                    what = f"what `{ast.unparse(node)}` gives back is lost"
                    yield line, what, "print it, keep it, or leave it out"
                case ast.ImportFrom(names=[ast.alias("*")]):
                    yield line, "an import with `*`"
        for found, _ in _imports(tree) if BEGIN not in snippet.code else ():
            bound = [name for name, _ in bindings(found) if name not in {*used, "*"}]
            if bound and getattr(found, "module", "") != "__future__":
                what = f"`{', '.join(bound)}` is imported, and not used"
                yield found.lineno, what, "import what is used"


@rule(
    "SN31",
    "a figure with nothing in it, one that is too large, or one that moves",
    STILL,
)
def stands(page: Page) -> Iterator[Finding]:
    """Nobody can see in nothing, nor wait for 200,000 points, nor stop what moves.

    A figure has at most 60 KB and 12 inches a side, and something in each of its axes.
    """
    for line, name in reached(page, r"matplotlib\.animation\.\w+"):
        yield line, f"`{name}` moves"


told_by_running(
    "SN20",
    "warns",
    "mend what it complains about",
    "A warning is a fault that has not happened yet.",
)
told_by_running(
    "SN21",
    "a figure without its comment, or a comment without its figure",
    "write one `<!--figure: what it shows-->` for each",
    "The comment says what the picture shows to those who cannot see it.",
)


def _changed(node: ast.AST, names: Names) -> str:
    """The full name of what is imported, or Python's own, and changed here."""
    match node:
        case ast.Attribute(ctx=ast.Store() | ast.Del()):
            return names.full(node)
        case ast.Subscript(ast.Call(ast.Name("vars"), [owner]), ctx=ast.Store()):
            return names.full(owner)
        case ast.Call(ast.Name("setattr" | "delattr"), [owner, *_]):
            return names.full(owner)
        case ast.Subscript(value=owner, ctx=ast.Store() | ast.Del()):
            whole = names.full(owner)
        case ast.Call(ast.Attribute(owner, attr)) if attr in CHANGING:
            whole = re.sub(r"^((builtins|numpy)\b.*|\w+$)", "", names.full(owner))
        case _:
            return ""
    return "" if whole.endswith(".rcParams") else whole


def _answers(func: ast.expr, names: Names) -> bool:
    """Whether a function is called for nothing but what it gives back."""
    method = isinstance(func, ast.Attribute) and func.attr in METHODS
    return method or bool(re.fullmatch(ANSWERING, names.full(func)))


def _walk(tree: ast.AST, kind: type[Node]) -> Iterator["Node"]:
    return (node for node in ast.walk(tree) if isinstance(node, kind))


def _imports(tree: ast.AST) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    """Every import, with the top-level package that it names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, (node.module or "").partition(".")[0]
