// Runs a program, then its tests, in node. What it is told comes by standard input, before any of the
// program's code runs: the words that prove the tests' end, the program, the tests. All that the tests rely
// on is taken, or fixed, before the program could change it; the words stay in this function.
"use strict";
(() => {
  const fs = require("fs");
  const vm = require("vm");
  const Module = require("module");
  const path = require("path");
  const { writeSync } = fs;
  const exit = process.reallyExit.bind(process);

  const told = fs.readFileSync(0);
  fs.closeSync(0);
  fs.openSync("/dev/null", "r");
  let at = 0;
  const line = () => {
    const end = told.indexOf(10, at);
    const text = told.toString("latin1", at, end);
    at = end + 1;
    return text;
  };
  const text = () => {
    const size = Number(line());
    const found = told.toString("utf8", at, at + size);
    at += size;
    return found;
  };
  const proof = line();
  const program = text();
  const given = text();
  const made = given.startsWith("@/") ? given.slice(1) : "";
  const tests = made ? `(() => {\n${fs.readFileSync(made, "utf8")}\n})()` : given;
  // Where the parts of each of its lines come from, if a compiler made it.
  const lines = made ? JSON.parse(fs.readFileSync(`${made}.lines`, "utf8")) : [];
  told.fill(0);

  // What tells of this process's memory, or reaches round what is fixed here, is no part of a program.
  const hidden = new Set(["inspector", "inspector/promises", "v8", "module", "repl", "worker_threads", "vm", "wasi", "test"]);
  const find = Module.createRequire(path.join(process.cwd(), "program.js"));
  const plain = (name) => (typeof name === "string" && name.startsWith("node:") ? name.slice(5) : name);
  const load = (name) => {
    if (hidden.has(plain(name)) || (typeof name === "string" && /^[./]/.test(name))) {
      const error = new Error(`Cannot find module '${name}'`);
      error.code = "MODULE_NOT_FOUND";
      throw error;
    }
    return find(name);
  };
  const copied = new Map();
  // Tests have copies of their own, from before the program: of functions with properties, too.
  const ofTests = (name) => {
    if (!copied.has(name)) copied.set(name, copyOf(load(name)));
    return copied.get(name);
  };
  const copyOf = (module) => {
    if (module === null || (typeof module !== "object" && typeof module !== "function")) return module;
    const copy = typeof module === "function" ? function (...args) { return Reflect.apply(module, this, args); } : {};
    const names = Reflect.ownKeys(module);
    for (const name of names) {
      const found = Reflect.getOwnPropertyDescriptor(module, name);
      const own = Reflect.getOwnPropertyDescriptor(copy, name);
      if ("value" in found && (!own || own.configurable)) Reflect.defineProperty(copy, name, { ...found, writable: false });
    }
    return copy;
  };
  for (const name of tests.matchAll(/\brequire\s*\(\s*["'`]([^"'`]+)["'`]/g)) {
    try { ofTests(name[1]); } catch { /* it is told when it is asked for */ }
  }
  // The program has instances of its own of what is not node's.
  for (const key of Object.keys(find.cache)) delete find.cache[key];

  const say = (report) => {
    try { writeSync(3, JSON.stringify(report).slice(0, 30000)); } catch { /* nobody hears it */ }
  };
  const stringify = JSON.stringify;

  class AssertionFailed extends Error {}
  const failed = (message) => {
    const error = new AssertionFailed(message);
    error.name = "AssertionError";
    return error;
  };

  const keep = (object, names = Reflect.ownKeys(object)) => {
    for (const name of names) {
      const found = Reflect.getOwnPropertyDescriptor(object, name);
      if (found && found.configurable && "value" in found && typeof found.value === "function") {
        Reflect.defineProperty(object, name, { value: found.value, writable: false, configurable: false, enumerable: found.enumerable });
      }
    }
  };
  const lasting = (object, name) => {
    // As good as constant, for itself; what inherits it may have one of its own.
    const { value } = Reflect.getOwnPropertyDescriptor(object, name) || {};
    Reflect.defineProperty(object, name, {
      get: () => value,
      set(own) {
        if (this === object || this === null || this === undefined) return;
        Reflect.defineProperty(this, name, { value: own, writable: true, enumerable: true, configurable: true });
      },
      configurable: false,
    });
  };
  const assert = (condition, ...words) => {
    if (!condition) throw failed(words.map(String).join(" "));
  };
  Reflect.defineProperty(console, "assert", { value: assert, writable: false, configurable: false });
  for (const object of [JSON, Math, Reflect, Object, Array, Number, String, BigInt, Symbol]) keep(object);
  for (const { prototype } of [Array, String, Number, Boolean, Map, Set, RegExp]) {
    keep(prototype, Reflect.ownKeys(prototype).filter((name) => name !== "constructor"));
  }
  // What would make all values of a kind look alike, those that the tests expect among them.
  for (const { prototype } of [Object, Array, String, Number, Boolean, Date]) lasting(prototype, "toJSON");
  for (const { prototype } of [Object, Array]) lasting(prototype, Symbol.toPrimitive);
  for (const name of ["toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable"]) {
    lasting(Object.prototype, name);
  }
  for (const name of ["call", "apply", "bind"]) lasting(Function.prototype, name);
  for (const name of new Set(tests.match(/\b(?:[A-Z]\w*|is(?:NaN|Finite)|parse(?:Int|Float)|console)\b/g))) {
    const found = Reflect.getOwnPropertyDescriptor(globalThis, name);
    if (found && found.configurable && "value" in found) {
      Reflect.defineProperty(globalThis, name, { ...found, writable: false, configurable: false });
    }
  }

  for (const name of ["binding", "_linkedBinding", "dlopen", "mainModule", "getBuiltinModule", "_rawDebug",
    "_getActiveHandles", "_getActiveRequests", "_kill", "_debugProcess", "_debugEnd", "_startProfilerIdleNotifier"]) {
    try { Reflect.defineProperty(process, name, { value: undefined, writable: false, configurable: false }); } catch { /* it has none */ }
  }
  const exports = {};
  Object.defineProperty(globalThis, "require", { value: load, writable: true, configurable: true });
  Object.defineProperty(globalThis, "exports", { value: exports, writable: true, configurable: true });
  Object.defineProperty(globalThis, "module", { value: { exports }, writable: true, configurable: true });

  const placeOf = (told, line, column = 1) => {
    const parts = lines[line - 2] || [];  // the first line is ours, and so is the last
    const found = parts.filter((part) => part[0] <= column).pop() || parts[0];
    return found ? found[1] : "driver.js";
  };
  const traceOf = (error) => {
    const trace = String(error && error.stack);
    return made ? trace.slice(0, 100000).replace(/<tests>:(\d+)(?::(\d+))?/g, placeOf) : trace;
  };
  const lineOf = (trace, file) => {
    const found = new RegExp(`${file}:(\\d+)`).exec(trace);
    return found ? Number(found[1]) : null;
  };
  const explain = (stage, error) => {
    const isError = error !== null && typeof error === "object" && "message" in error;
    const trace = traceOf(error);
    const text = isError ? (error.stack ? trace : String(error)) : String(error);
    return {
      stage,
      exception: isError ? String(error.name || "Error") : "",
      message: isError ? String(error.message) : String(error),
      code: isError ? String(error.code || "") : "",
      line: lineOf(trace, "<program>"),
      test: lineOf(trace, "<tests>"),
      assertion: error instanceof AssertionFailed || Boolean(isError && error.code === "ERR_ASSERTION"),
      text: text.split("\n").filter((each) => !/driver\.js|node:|^\s+at new Script/.test(each)).join("\n").slice(0, 8000),
    };
  };
  const end = (stage, error) => {
    let report;
    try { report = explain(stage, error); } catch { report = { stage, exception: "Error", message: "it cannot be told" }; }
    say(report);
    exit(1);
  };
  const on = process.on.bind(process);
  const compiled = (source, filename) => new vm.Script(source, { filename, importModuleDynamically: undefined });

  // A function that is called by a strict one does not learn which (`f.caller`), and so neither reads nor calls
  // the tests. What these assign without a declaration is there before; where they cannot be strict, they are not.
  const strict = (source) => {
    let found;
    try { found = compiled(`"use strict";${source}`, "<tests>"); } catch { return compiled(source, "<tests>"); }
    for (const [, name] of source.matchAll(/(?<![\w$.])([A-Za-z_$][\w$]*)\s*(?:=(?![=>])|\+\+|--|[-+*/]=)/g)) {
      if (!Reflect.has(globalThis, name)) Reflect.defineProperty(globalThis, name, { writable: true, configurable: true });
    }
    return found;
  };

  let stage = "compile";
  on("uncaughtException", (error) => end(stage, error));
  on("unhandledRejection", (error) => end(stage, error));
  const pass = () => {
    writeSync(3, proof);
    exit(0);
  };
  const waits = /\b(?:async|await|then|Promise|setTimeout|setImmediate)\b/.test(tests);
  try {
    const script = compiled(program, "<program>");
    stage = "run";
    script.runInThisContext();
    stage = "tests";
    Reflect.defineProperty(globalThis, "require", { value: ofTests, writable: true, configurable: true });
    strict(tests).runInThisContext();
    if (!waits) pass();
  } catch (error) {
    end(stage, error);
  }
  on("beforeExit", pass);
})();
