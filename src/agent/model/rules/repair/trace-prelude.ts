// The few lines of code that probes call, written to be put on one line at the top of a copied file. They count nothing twice, print
// one line per test when it ends, and print early when a test seems to run for ever, since a killed process can no longer print.
// Format of a line: "@@proviso TEST ENDED HITS", where TEST is a number or "-", ENDED one of P F U H, HITS ranges such as "1-4,9".

/** Statements run in one test after which it is reported as probably hanging. */
const patience = 300_000;

export const javascriptPrelude = [
  "globalThis.__proviso ??= (() => {",
  "let current = '-', hits = new Set(), count = 0; const said = new Set();",
  "const ranges = () => { const ids = [...hits].sort((a, b) => a - b), out = []; for (let i = 0; i < ids.length;) { let j = i; while (ids[j + 1] === ids[j] + 1) j++; out.push(j > i ? ids[i] + '-' + ids[j] : ids[i]); i = j + 1; } return out.join(','); };",
  "const say = (how) => { if (hits.size === 0 && current === '-') return; const line = '@@proviso ' + current + ' ' + how + ' ' + ranges(); if (!said.has(line)) { said.add(line); process._rawDebug(line); } };",
  "const begin = (id) => { say('U'); current = id; hits = new Set(); count = 0; };",
  "const end = (id, how) => { if (current !== id) return; say(how); current = '-'; hits = new Set(); count = 0; };",
  "process.on('exit', () => say('U'));",
  `return { hit(id) { hits.add(id); if (++count === ${patience}) say('H'); },`,
  "test(id, run) {",
  "const wrapped = function (...args) { begin(id); let result; try { result = run.apply(this, args); } catch (error) { end(id, 'F'); throw error; }",
  "if (result && typeof result.then === 'function') return result.then((value) => { end(id, 'P'); return value; }, (error) => { end(id, 'F'); throw error; });",
  "if (run.length === 0) end(id, 'P'); return result; };",
  "Object.defineProperty(wrapped, 'length', { value: run.length }); return wrapped; } };",
  "})();",
].join(" ");

const pythonSource = `
import atexit, functools, inspect, os
state = {"current": "-", "hits": set(), "count": 0, "said": []}
def ranges():
    ids, out, i = sorted(state["hits"]), [], 0
    while i < len(ids):
        j = i
        while j + 1 < len(ids) and ids[j + 1] == ids[j] + 1:
            j += 1
        out.append("%d-%d" % (ids[i], ids[j]) if j > i else str(ids[i]))
        i = j + 1
    return ",".join(out)
def say(how):
    if state["hits"] or state["current"] != "-":
        line = "@@proviso %s %s %s" % (state["current"], how, ranges())
        if line not in state["said"]:
            state["said"].append(line)
            if how == "H":
                os.write(2, (line + "\\n").encode())
def begin(id):
    say("U")
    state.update(current=id, hits=set(), count=0)
def end(id, how):
    if state["current"] == id:
        say(how)
        state.update(current="-", hits=set(), count=0)
def hit(id):
    state["hits"].add(id)
    state["count"] += 1
    if state["count"] == ${patience}:
        say("H")
def test(id):
    def wrap(run):
        if inspect.iscoroutinefunction(run):
            @functools.wraps(run)
            async def wrapped(*args, **named):
                begin(id)
                try:
                    result = await run(*args, **named)
                except BaseException:
                    end(id, "F")
                    raise
                end(id, "P")
                return result
        else:
            @functools.wraps(run)
            def wrapped(*args, **named):
                begin(id)
                try:
                    result = run(*args, **named)
                except BaseException:
                    end(id, "F")
                    raise
                end(id, "P")
                return result
        return wrapped
    return wrap
@atexit.register
def flush():
    say("U")
    os.write(2, ("\\n" + "\\n".join(state["said"]) + "\\n").encode())
`;

export const pythonPrelude = [
  "import sys as _proviso_sys",
  `if not hasattr(_proviso_sys, "_proviso"): _proviso_sys._proviso = {}; exec(${JSON.stringify(pythonSource)}, _proviso_sys._proviso)`,
  '_proviso_hit, _proviso_test = _proviso_sys._proviso["hit"], _proviso_sys._proviso["test"]',
].join("\n");
