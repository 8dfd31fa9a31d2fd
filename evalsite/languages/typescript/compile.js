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
const placeOf = (line) => (line > before ? `<tests>:${line - before}` : `<program>:${line}`);

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
  sourceMap: true,
};
const own = { "/program.ts": unit, "/node.d.ts": NODE };
const host = ts.createCompilerHost(options);
const { getSourceFile, fileExists, readFile } = host;
host.getSourceFile = (name, version, ...rest) =>
  own[name] === undefined ? getSourceFile.call(host, name, version, ...rest) : ts.createSourceFile(name, own[name], version);
host.fileExists = (name) => own[name] !== undefined || fileExists.call(host, name);
host.readFile = (name) => own[name] ?? readFile.call(host, name);
host.getCurrentDirectory = () => "/";
const written = {};
host.writeFile = (name, data) => { written[name] = data; };
const compiled = ts.createProgram(["/program.ts", "/node.d.ts"], options, host);
const errors = [...compiled.getSyntacticDiagnostics(), ...compiled.getSemanticDiagnostics(), ...compiled.getGlobalDiagnostics()];
for (const error of errors.slice(0, 10)) {
  const line = error.file ? error.file.getLineAndCharacterOfPosition(error.start ?? 0).line + 1 : 1;
  const place = placeOf(line);
  const words = ts.flattenDiagnosticMessageText(error.messageText, " ").replace(/\s+/g, " ");
  process.stderr.write(`${place}: error: TS${error.code}: ${words}\n`);
}
if (errors.length) process.exit(1);
compiled.emit();
fs.writeFileSync(out, written["/program.js"]);

// For each line of the script, where its parts come from: pairs of a column and a place, both counted from 1.
// (Source Map Revision 3: fields are differences, written in base 64 with the lowest bits first.)
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const numbers = (text) => {
  const found = [];
  let value = 0;
  let shift = 0;
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter);
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    found.push(value & 1 ? -(value >> 1) : value >> 1);
    value = shift = 0;
  }
  return found;
};
let line = 1;
const lines = JSON.parse(written["/program.js.map"]).mappings.split(";").map((parts) => {
  let column = 1;
  return parts.split(",").filter(Boolean).map((part) => {
    const [columns, , down = 0] = numbers(part);
    column += columns;
    line += down;
    return [column, placeOf(line)];
  });
});
fs.writeFileSync(`${out}.lines`, JSON.stringify(lines));
