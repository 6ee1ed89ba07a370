"""Shapes of code, one a line: what the gate must see, and what it must leave alone. ``\\n`` is a new line."""

from __future__ import annotations

import pytest

from tests.support.linting import linted

SEEN = r"""
cfg["learning_rate"] *= 0.5
fit(learning_rate=float("0.1"))
fit(learning_rate=np.float32(.1))
fit(max_depth=int(6.0))
fit(gamma=Decimal("0.1"))
fit(learning_rate=cfg.lr * 0.1)
learning_rate *= .5
fit(learning_rate=(lr := 0.1))
(learning_rate := 0.1)
fit(learning_rate=0.1 if fast else 0.2)
fit(**{"learning_rate": 0.1})
params |= {"max_depth": 6}
d = dict([("learning_rate", 0.1), ("x", 2)])
d = dict(zip(("learning_rate", "max_depth"), (0.1, 6)))
d = dict.fromkeys(["gamma"], 0.5)
p.add_argument("--learning-rate", type=float, default=0.1)
d = {k: 0.1 for k in ("learning_rate", "gamma")}
x = yaml.safe_load("learning_rate: 0.1")
x = json.loads('{"max_depth": 6}')
x = ast.literal_eval("{'gamma': 0.5}")
vars(cfg)["learning_rate"] = 0.1
globals()["gamma"] = 0.5
cfg.update({"learning_rate": 0.1})
cfg.update([("gamma", 0.5)])
fit(learning_rate=-0.1)
fit(learning_rate=1_000e-3)
fit(max_depth=0x10)
fit(learning_rate=.5)
fit(learning_rate=(0.1))
f"{fit(learning_rate=0.1)}"
fit(learning_rate=0.1j)
lr = trial.suggest_float("learning_rate", 1e-4, 1e-1, log=True)
s = {"gamma": hp.uniform("gamma", 0, 1)}
s = {"max_depth": tune.choice([3, 6])}
s = {"max_depth": tune.randint(3, 10)}
fit(max_depth=cfg.get("md", 6))
os.environ["CVN_HPO_GAMMA"] = "0.5"
subprocess.run(cmd, env={**os.environ, "CVN_HPO_DEPTH": "6"})
setattr(obj, "learning_" + "rate", 0.1)
model.set_params(**{"clf__max_depth": 6})
run(["train", "--learning-rate=0.1"])
run(["train", "--max-depth", "6"])
learning_rate: Final = 0.1
with_lr = partial(fit, learning_rate=0.1)
learning_rate = max(0.1, 0.2)
max_depth = [6][0]
max_depth = {"a": 6}["a"]
learning_rate = np.array([0.1])
gamma = lambda: 0.5
learning_rate, *_ = 0.1, 2
for learning_rate, max_depth in [(0.1, 6), (0.2, 3)]: pass
[fit(x) for gamma in (0.1, 0.5)]
"--max-depth 6 --x".split()
learning_rate = os.environ.get("LR", 0.1)
learning_rate = float(os.environ.get("LR", "0.1"))
@click.option("--learning-rate", default=0.1)\ndef f(): pass
def f(learning_rate: float = typer.Option(0.1)): pass
class C(BaseModel):\n    learning_rate: float = Field(0.1, ge=0)
class C(BaseModel):\n    learning_rate: float = Field(default=0.1, ge=0)
@dataclass\nclass C:\n    max_depth: int = field(default=6)
@dataclass\nclass C:\n    gamma: float = field(default_factory=lambda: 0.5)
class C(Enum):\n    learning_rate = 0.1
class E(Enum):\n    LR = 0.1\nfit(learning_rate=E.LR.value)
class E:\n    LR = 0.1\nfit(learning_rate=E.LR)
D = {"lr": 0.1}\nfit(learning_rate=D["lr"])
def f(lr=0.1):\n    fit(learning_rate=lr)
def fit(rows, learning_rate): pass\nfit(x, 0.1)
@dataclass\nclass P:\n    learning_rate: float\n    max_depth: int\nP(0.1, 6)
class A:\n    def __init__(self, max_depth): pass\nA(6)
class A:\n    def __init__(self):\n        self.lr = 0.1\n    def go(self):\n        fit(learning_rate=self.lr)
A = B = 0.1\nfit(gamma=B)
X, Y = 0.1, 6\nfit(learning_rate=X)
cfg = OmegaConf.create("learning_rate: 0.1")
args = parser.parse_args("--max-depth 6".split())
parser.set_defaults(learning_rate=0.1)
learning_rate = getattr(cfg, "lr", 0.1)
learning_rate = cfg.lr or 0.1
learning_rate = cfg.lr if cfg.lr is not None else 0.1
if learning_rate is None:\n    learning_rate = 0.1
try:\n    learning_rate = x\nexcept KeyError:\n    learning_rate = 0.1
match x:\n    case 1:\n        learning_rate = 0.1
async def f():\n    await g(max_depth=6)
x = [dict(gamma=0.5) for _ in y]
cfg.model.params.learning_rate = 0.1
cfg = cfg.copy(update={"learning_rate": 0.1})
cfg = replace(cfg, **{"gamma": 0.5})
print(f"{(learning_rate := 0.1)}")
fit(num_leaves=1 << 5)
fit(learning_rate=1e-1 if x else None)
monkeypatch.setenv("CVN_HPO_GAMMA", "0.5")
LR: Final[float] = 0.1\nfit(learning_rate=LR)
fit(learning_rate=math.pow(10, -3))
fit(learning_rate=int("6"))
fit(**dict(learning_rate=0.1))
cfg |= dict(gamma=0.5)
cfg["model"]["learning_rate"], x = 0.1, 2
fit(max_depth=str(6))
fit(learning_rate="0.1 ")
fit(learning_rate=["0.1", "0.2"])
fit(learning_rate={"min": 0.01, "max": 0.1})
SPACE = {"learning_rate": {"low": 0.01, "high": 0.3}}
ranges = {"learning_rate": (0.01, 0.3, "log")}
fit(learning_rate=scipy.stats.loguniform(1e-4, 1e-1))
from scipy.stats import expon\nSPACE = {"gamma": expon(scale=0.1)}
from hyperopt import hp as space\nS = {"max_depth": space.qbeta(1, 9)}
fit(learning_rate=tune.sample_from(lambda _: 0.1))
@pytest.mark.parametrize("max_depth", [1, 2])\ndef test(max_depth): pass
fit(gamma=2 / n)
class A:\n    def __init__(self, lr=0.1):\n        self.lr = lr\n    def go(self):\n        fit(learning_rate=self.lr)
lr = 0.1\ndef f(lr=lr):\n    fit(learning_rate=lr)
import os\nKEY = "CVN_HPO_A"\nif x:\n    KEY = "CVN_HPO_B"\ny = os.environ[KEY]
import os\nfor name in ("CVN_HPO_A", "CVN_HPO_B"):\n    os.environ[name]
import os\ndef read(key):\n    return os.environ[key]\nread("CVN_HPO_A")
import os\nenv = None\nenv = os.environ\nenv["CVN_HPO_X"]
x = resolve("epochs", default=3)
f = opt.set_learning_rate\nf(0.1)
x = yaml.safe_load("{" "a: 1, " "b: 2, " "c: 3, " "learning_rate: 0.1" "}")
fit(x, cfg.learning_rate or 0.1)
fit(x, cfg.rate or cfg.learning_rate or 0.1)
lr = cfg["learning_rate"] or 0.1
lr = cfg.get("learning_rate") or 0.1
lr = getattr(cfg, "learning_rate", None) or 0.1
fit(x, resolve("learning_rate") or 0.1)
fit(x, cfg.learning_rate if cfg.learning_rate else 0.1)
x = resolve("learning_rate", **{"default": 0.1})
opt.set_learning_rate(0.1)
CFG = {"xgb": {"lr": 0.1}}\nfit(learning_rate=CFG[model]["lr"])
for p in [{"lr": 0.1}]:\n    fit(learning_rate=p["lr"])
D = dict(lr=0.1)\nfit(learning_rate=D["lr"])
NAMES = ("learning_rate", "x")\nd = {NAMES[0]: 0.1}
x = json.loads(b'{"learning_rate": 0.1}')
x = yaml.safe_load("learning_rate: - 0.1")
fit(learning_rate="0.1000000000000000000000000000000000000000000000000000000000000000000000000000000000000001")
show(**{"param_name": "max_depth", "param_range": [1, 3]})
SPEC = [{"name": "learning_rate", "value": 0.1}]
for name in ("learning_rate", "gamma"):\n    setattr(cfg, name, 0.1)
x = os.environb[b"CVN_HPO_GAMMA"]
import os\nE = {**os.environ}\nx = E["CVN_HPO_GAMMA"]
class K:\n    LR = "learning_rate"\nd[K.LR] = 0.1
def lr():\n    return 0.1\nfit(learning_rate=lr())
lr = lambda: 0.1\nfit(learning_rate=lr())
class A:\n    def lr(self):\n        return 0.1\n    def go(self):\n        fit(learning_rate=self.lr())
def make(lr):\n    fit(learning_rate=lr)\nmake(0.1)
def make(*, lr):\n    fit(learning_rate=lr)\ndef go():\n    rate = 0.1\n    make(lr=rate)
class M:\n    def __init__(self, lr):\n        fit(learning_rate=lr)\nM(0.1)
class M:\n    def train(self, learning_rate): pass\nM().train(0.1)
class M:\n    def train(self, learning_rate): pass\n    def go(self):\n        self.train(0.1)
def train(rows, learning_rate): pass\npartial(train, x, 0.1)
def train(rows, learning_rate): pass\npool.submit(train, x, 0.1)
operator.setitem(params, "learning_rate", 0.1)
from operator import setitem as put_in\nput_in(params, "learning_rate", 0.1)
take = params.get\ntake("learning_rate", 0.1)
for name in ("learning_rate", "gamma"):\n    params[name] = 0.1
NAMES = ["learning_rate", "gamma"]\nfor name in NAMES:\n    setattr_all(name)\n    params[name] = 0.1
NAMES = ["learning_rate"]\nd = {name: 0.1 for name in NAMES}
for lr in (0.1, 0.01):\n    fit(learning_rate=lr)
RATES = [0.1, 0.01]\nfor lr in RATES:\n    fit(learning_rate=lr)
models = [fit(learning_rate=lr) for lr in [0.1, 0.01]]
RATES = [0.1, 0.01]\nfit(learning_rate=RATES[0])
RATES = {"xgb": 0.1, "lgb": 0.05}\nfit(learning_rate=RATES[model])
RATES = {"xgb": 0.1, "lgb": 0.05}\nfit(learning_rate=RATES.get(model))
RATES = {"a": 0.1, "b": x}\nfit(learning_rate=RATES["a"])
class C:\n    LR = 0.1\ncfg = C()\nfit(learning_rate=cfg.LR)
class B:\n    LR = 0.1\nclass C(B):\n    def go(self):\n        fit(learning_rate=self.LR)
class C:\n    LR = 0.1\n    def go(self):\n        fit(learning_rate=type(self).LR)
cfg = SimpleNamespace(lr=0.1)\nfit(learning_rate=cfg.lr)
cfg.lr = 0.1\nfit(learning_rate=cfg.lr)
cfg["lr"] = 0.1\nfit(learning_rate=cfg["lr"])
A, B = 0.1, 0.2\ngrid = {"learning_rate": [A, B]}
s = {"learning_rate": {"values": [0.1, 0.2]}}
s = {"learning_rate": dict(min=0.1, max=0.3)}
d = {("xgb", "learning_rate"): 0.1}
P["xgb", "learning_rate"] = 0.1
df.loc["learning_rate"] = 0.1
make_dataclass("P", [("learning_rate", float, 0.1)])
SPACE = [("learning_rate", 0.01, 0.3)]
add(name="max_depth", low=3, high=10)
LEARNING_RATE = 0.1
params = {"LEARNING_RATE": 0.1, "x": 2}
params = {"learning-rate": 0.1}
both = (0.1, 6)\nlearning_rate, max_depth = both
fit(learning_rate=np.where(fast, 0.1, 0.2))
fit(learning_rate=json.loads("0.1"))
fit(learning_rate=[x * 0.1 for x in rows])
fit(max_depth=np.linspace(1, 9, 3).astype(int))
x = json.loads(textwrap.dedent('{"max_depth": 6}'))
fit(**{"learning-rate".replace("-", "_"): 0.1})
from os import *\nx = environ["CVN_HPO_GAMMA"]
class C(HasTraits):\n    learning_rate = Float(0.1)
CONF = "max_depth: 8"\nCONF = yaml.load(CONF, Loader=yaml.FullLoader)
@pytest.mark.parametrize("max_depth, x", [(1, 2), (None, 3)])\ndef test(max_depth, x): pass
@pytest.mark.parametrize(["x", "gamma"], [pytest.param(None, 0.5, id="a")])\ndef test(x, gamma): pass
x = resolve("gamma", 0.5)
LOW, HIGH = 0.1, 0.5\nS = {'gamma': tune.uniform(LOW, HIGH)}
gamma = params["gamma"] = 1 / 3
"""

LEFT_ALONE = r"""
learning_rate = None
fit(learning_rate=True)
if max_depth == 6: pass
assert 0 < gamma <= 10
x = round(learning_rate, 3)
for depth in range(10): pass
for iterations in range(0, 10, 2): pass
depth += 1
depth = depth + 1
max_depth = max_depth - 1
def f(x: Literal[6]) -> None: pass
learning_rate: Annotated[float, Field(ge=0, le=1)] = resolve("learning_rate")
class C(BaseModel):\n    learning_rate: float = Field(ge=0, le=1)
class C(BaseModel):\n    learning_rate: float = Field(..., gt=0)
reg_alpha = round(resolve("reg_alpha"), 3)
print("learning_rate=0.1")
logger.info("max_depth: 6")
'''learning_rate = 0.1'''
my_learning_rate = 0.1
learning_rate_decay = 0.9
max_depth_seen = 0
x = params["max_depth"] > 6
x = f"{learning_rate:.3f}"
x = "learning_rate=%0.1f" % learning_rate
gamma = cfg["gamma"]
del params["learning_rate"]
resolve("max_depth", version=2, timeout=1.5)
x = params.get("learning_rate")
x = resolve("gamma", model, timeframe)
x = resolve("gamma", "5m")
class A:\n    def fit(self, learning_rate): ...\nclass B:\n    def fit(self, rows): ...\nB().fit(10)
class A:\n    def size(self): return 3\nclass B:\n    def size(x): 0\n    def go(self): f(max_depth=self.size())
from x import count\nclass A:\n    def count(self): return 3\nfit(max_depth=count())
def a():\n    def helper(max_depth): ...\nfrom lib import helper\nhelper(3)
params = {"n": 3}\ndef f(**params):\n    fit(max_depth=params["n"])
def f(path):\n    with open(path) as n:\n        fit(max_depth=n)
assert parse(x) == ("learning_rate", 0.1)
assert parse(x) == {"learning_rate": 0.1}
with f() as key:\n    key = table[key]\n    d[key] = x
class A:\n    def __init__(self, n):\n        self.n = n\n    def go(self):\n        n = 3\n        f(max_depth=self.n)
x = resolve("gamma", 5)
SCHEMA = {"learning_rate": {"type": "number", "minimum": 0, "maximum": 1}}
x = "learning_rate max_depth 3".split()
x = cfg.learning_rate or None
x = cfg.learning_rate if cfg.learning_rate else resolve("learning_rate")
opt.set_rate(0.1)
RATES = (x, 0.1)\nfit(learning_rate=RATES[0])
SPEC = [{"name": "learning_rate", "value": None}, {"name": "epochs", "value": 3}]
def helper(rows):\n    return 3\nfit(max_depth=cfg.helper(rows))
def deep(x):\n    return 3\nfit(max_depth=other.deep(x))
for depth in range(3):\n    walk(depth=depth)
RATES = {"a": x, "b": 0.1}\nfit(learning_rate=RATES["a"])
RATES = {"a": x, "b": 0.1}\nfit(learning_rate=RATES.get("a"))
class A:\n    def train(self, learning_rate): pass\nother.train(0.1)
add(name="epochs", low=3, high=10)
x = ["max_depth", name]
x = "a".replace("", "b")
my_LEARNING_RATE = 3
@pytest.mark.parametrize("x, max_depth", [(1, None), (2, cfg.depth)])\ndef test(x, max_depth): pass
x = params.pop("iterations", None)
iterations = len(x)
learning_rate = float(cfg.lr)
learning_rate = resolve("learning_rate")
check_scalar(max_depth, "max_depth", int, min_val=1)
x = sorted(y, key=lambda gamma: gamma[0])
assert_allclose(learning_rate, 0.1)
while depth < 3: pass
return_value = depth[0]
x = gamma[1:3]
x = np.zeros((depth, 3))
num_leaves = min(num_leaves, resolve("num_leaves"))
raise ValueError("learning_rate must be > 0.1")
parser.add_argument("--learning-rate", type=float, required=True)
parser.add_argument("--learning-rate", type=float, nargs=1)
x = {"seed": 7, "n_jobs": 4}
gamma = "auto"
subsample = cfg.subsample
x = [("a", 1), ("b", 2)]
os.environ["CVN_HPO_GAMMA"] = str(resolve("gamma"))
x = os.environ.get("HOME", "1")
step = 0.1
match cfg:\n    case {"learning_rate": 0.1}:\n        pass
max_depth = resolve("max_depth") if x > 3 else None
learning_rate = schedule(step=100)
gamma = torch.zeros(3).sum()
num_leaves = tree.num_leaves(3)
depth = node.depth(0)
max_depth = kwargs.get("max_depth")
iterations = self.count(2)
depth = np.array(img.shape[2])
depth = compute(x, 3)
fit(gamma=1.0 / rows.shape[1])
fit(gamma=1 / (n if n else m))
PARAMS = {"gamma": [Interval(Real, 0, None, closed="left")]}
"""

OUT_OF_REACH = r"""
learning_rate = next(iter([0.1]))
params = defaultdict(lambda: 0.1)\nparams["learning_rate"]
fit(learning_rate=Range(0.1, 0.2))
from constants import LR\nfit(learning_rate=LR)
class B(A):\n    def __init__(self, lr=0.1):\n        super().__init__(lr)
"""
"""What is known not to be seen; docs/how-to/lint.md says so."""


def pieces(text: str) -> list[str]:
    return [line.replace("\\n", "\n") + "\n" for line in text.strip().splitlines()]


@pytest.mark.parametrize("code", pieces(SEEN))
def test_it_is_seen(code: str) -> None:
    assert [one for one in linted(code) if one.rule != "CVN599"], code


@pytest.mark.parametrize("code", pieces(LEFT_ALONE))
def test_it_is_left_alone(code: str) -> None:
    assert linted(code) == []


@pytest.mark.parametrize("code", pieces(OUT_OF_REACH))
def test_it_is_out_of_reach(code: str) -> None:
    assert linted(code) == [], "it is seen now: move it up, and mend the page"
