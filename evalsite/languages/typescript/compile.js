// Compiles a program with its tests, which it reads from its standard input, by TypeScript's own compiler: one
// module, checked as the compiler checks by default. Its errors are told with the lines of each.
"use strict";
const fs = require("fs");
const ts = require(process.argv[2]);
const out = process.argv[3];

const told = fs.readFileSync(0);
let at = 0;
const text = () => {
  const end = told.indexOf(10, at);
  const size = Number(told.toString("latin1", at, end));
  const found = told.toString("utf8", end + 1, end + 1 + size);
  at = end + 1 + size;
  return found;
};
const program = text();
const tests = text();
const unit = `${program}\n${tests}\nexport {};\n`;
const before = program.split("\n").length;

// What node has of its own, without the types that its package of types would bring.
const NODE = `
declare module "assert"; declare module "fs"; declare module "util"; declare module "crypto"; declare module "path";
declare module "lodash"; declare module "os"; declare module "perf_hooks"; declare module "events";
declare function require(name: string): any;
declare var process: any, module: any, exports: any, Buffer: any, global: any;
declare var console: { log(...a: any[]): void; error(...a: any[]): void; warn(...a: any[]): void; info(...a: any[]): void;
  debug(...a: any[]): void; table(...a: any[]): void; assert(c?: any, ...a: any[]): void; [name: string]: any };
declare function setTimeout(f: (...a: any[]) => void, ms?: number, ...a: any[]): any;
declare function clearTimeout(id: any): void;
declare function setInterval(f: (...a: any[]) => void, ms?: number, ...a: any[]): any;
declare function clearInterval(id: any): void;
`;
const options = {
  target: ts.ScriptTarget.ES2020,
  module: ts.ModuleKind.CommonJS,
  lib: ["lib.es2021.d.ts"],
  types: [],
  esModuleInterop: false,
  skipLibCheck: true,
  skipDefaultLibCheck: true,
};
const own = { "/program.ts": unit, "/node.d.ts": NODE };
const host = ts.createCompilerHost(options);
const { getSourceFile, fileExists, readFile } = host;
host.getSourceFile = (name, version, ...rest) =>
  own[name] === undefined ? getSourceFile.call(host, name, version, ...rest) : ts.createSourceFile(name, own[name], version);
host.fileExists = (name) => own[name] !== undefined || fileExists.call(host, name);
host.readFile = (name) => own[name] ?? readFile.call(host, name);
host.getCurrentDirectory = () => "/";
host.writeFile = (name, data) => { if (name.endsWith(".js")) fs.writeFileSync(out, data); };
const compiled = ts.createProgram(["/program.ts", "/node.d.ts"], options, host);
const errors = [...compiled.getSyntacticDiagnostics(), ...compiled.getSemanticDiagnostics(), ...compiled.getGlobalDiagnostics()];
for (const error of errors.slice(0, 10)) {
  const line = error.file ? error.file.getLineAndCharacterOfPosition(error.start ?? 0).line + 1 : 1;
  const place = line > before ? `<tests>:${line - before}` : `<program>:${line}`;
  const words = ts.flattenDiagnosticMessageText(error.messageText, " ").replace(/\s+/g, " ");
  process.stderr.write(`${place}: error: TS${error.code}: ${words}\n`);
}
if (errors.length) process.exit(1);
compiled.emit();
