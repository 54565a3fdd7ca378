// The Lambda runtime of Node.js inside a function's process: loads a handler once, and calls it with one event after another.
//
// `function_process` runs it, behind `function_parent.py`: `node runtime_bootstrap.mjs <fd> <ARN> <runtime>`.
// It stands alone. What goes through the socket is what `runtime_bootstrap.py` says; standard output and standard error are the function's log.
//
// Sources: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html, nodejs-context.html and nodejs-logging.html there.
// The names of errors, which files a handler is looked up in, and what becomes of a handler that never answers are those of
// AWS's own runtime: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
//
// Until nodejs22.x a handler may be given a callback, and what one returns that is not async is ignored; from nodejs24.x on what
// it returns is the response, and one with a third parameter is refused. Response streaming is not there: nothing that reads a
// stream or a delivery takes it.

import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import util from "node:util";

const READY = "+", RETURNED = "=", FAILED = "!", ENDED = "#";
const REQUEST_BYTES = 36 + 8 + 8, ANSWER_BYTES = 1 + 8;
const FIRST_WITHOUT_CALLBACKS = 24;
const MOST_PLACES = 10;
const LEVELS = { log: "INFO", info: "INFO", warn: "WARN", error: "ERROR", debug: "DEBUG", trace: "TRACE" };

class Fault extends Error {
  constructor(name, message, source) {
    super(message);
    this.name = name;
    this.stack = source?.stack ?? "";
  }
}

// --- loading

async function load(name, root) {
  if (name.includes("..")) throw new Fault("Runtime.MalformedHandlerName", `'${name}' is not a valid handler name`);
  const [, module, exported] = path.basename(name).match(/^([^.]*)\.(.+)$/) ?? [];
  if (!module) throw new Fault("Runtime.MalformedHandlerName", "Bad handler");
  const loaded = await loadModule(root, path.dirname(name), module);
  const handler = exported.split(".").reduce((found, key) => found?.[key], loaded);
  if (!handler) throw new Fault("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  if (typeof handler !== "function") throw new Fault("Runtime.HandlerNotFound", `${name} is not a function`);
  return handler;
}

async function loadModule(root, folder, module) {
  const base = path.resolve(root, folder, module);
  const file = ["", ".js", ".mjs", ".cjs"].map((ending) => base + ending).find(isFile);
  const require = createRequire(path.join(root, folder, "/"));
  try {
    return file && isEsModule(file, root) ? await import(pathToFileURL(file)) : require(file ?? module);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Fault("Runtime.UserCodeSyntaxError", String(error), error);
    if (error?.code === "MODULE_NOT_FOUND") throw new Fault("Runtime.ImportModuleError", String(error), error);
    throw error;
  }
}

function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isEsModule(file, root) {
  if (file.endsWith(".mjs")) return true;
  if (!file.endsWith(".js")) return false;
  for (let folder = path.dirname(file); folder.startsWith(root); folder = path.dirname(folder)) {
    const description = path.join(folder, "package.json");
    if (isFile(description)) return JSON.parse(fs.readFileSync(description, "utf8")).type === "module";
  }
  return false;
}

// --- what is said of failures

function report(error, root, isFault = error instanceof Fault) {
  const isError = util.types.isNativeError(error) || error instanceof Error;
  const stack = isError && typeof error.stack === "string" ? error.stack : "";
  const told = {
    type: isError ? String(error.name) : typeof error,
    fault: isFault,
    message: (isError ? String(error.message) : String(error)).replaceAll(root + path.sep, ""),
    trace: stack ? stack.split("\n") : [],
    trace_as: "trace",
    places: places(stack, root),
  };
  return Buffer.from(JSON.stringify(told));
}

// Lines of a stack as people read them, outermost first: `index.js:4 in handler: throw new Error("boom")`.
function places(stack, root) {
  const found = [];
  const first = stack.match(/^((?:file:)?\/.+):(\d+)\n/); // where a file cannot be parsed
  if (first) found.push([first[1], first[2], ""]);
  for (const line of stack.split("\n")) {
    const frame = line.match(/^ {4}at (?:async )?(?:(.+?) \()?((?:file:)?\/.+):(\d+):\d+\)?$/);
    if (frame) found.push([frame[2], frame[3], frame[1] ?? ""]);
  }
  return found.map(([where, number, name]) => place(where, number, name, root)).filter(Boolean).slice(0, MOST_PLACES).reverse();
}

function place(where, number, name, root) {
  const file = where.startsWith("file:") ? fileURLToPath(where) : where;
  if (file === fileURLToPath(import.meta.url)) return "";
  const isOwn = file.startsWith(root + path.sep);
  const shown = isOwn ? file.slice(root.length + 1) : file.split(path.sep).slice(-2).join(path.sep);
  const source = isFile(file) ? fs.readFileSync(file, "utf8").split("\n")[number - 1]?.trim() : "";
  return `${shown}:${number}${name && ` in ${name.replace(/^(?:Object|exports|module\.exports)\./, "")}`}${source ? `: ${source}` : ""}`;
}

// --- the conversation

class Channel {
  constructor(fd, onRequest) {
    this.received = Buffer.alloc(0);
    this.socket = new net.Socket({ fd, readable: true, writable: true });
    this.socket.on("data", (data) => this.take(data, onRequest));
    for (const end of ["end", "error", "close"]) this.socket.on(end, () => process.kill(0, "SIGKILL"));
  }

  take(data, onRequest) {
    this.received = Buffer.concat([this.received, data]);
    if (this.received.length < REQUEST_BYTES) return;
    const size = Number(this.received.readBigUInt64BE(44));
    if (this.received.length < REQUEST_BYTES + size) return;
    const request = {
      id: this.received.toString("latin1", 0, 36),
      deadline: Number(this.received.readBigUInt64BE(36)),
      event: this.received.toString("utf8", REQUEST_BYTES, REQUEST_BYTES + size),
    };
    this.received = this.received.subarray(REQUEST_BYTES + size);
    onRequest(request);
  }

  send(kind, body = Buffer.alloc(0)) {
    const head = Buffer.alloc(ANSWER_BYTES);
    head.write(kind, "latin1");
    head.writeBigUInt64BE(BigInt(body.length), 1);
    this.socket.ref();
    this.socket.write(Buffer.concat([head, body]));
  }
}

function context(request, arn, answer) {
  const environment = process.env;
  return {
    callbackWaitsForEmptyEventLoop: true,
    awsRequestId: request.id,
    invokedFunctionArn: arn,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(request.deadline - Date.now(), 0),
    ...(answer && { succeed: (value) => answer(null, value), fail: (error) => answer(error ?? "handled"), done: answer }),
  };
}

class Runtime {
  constructor(fd, arn, version) {
    this.arn = arn;
    this.version = version;
    this.root = process.env.LAMBDA_TASK_ROOT;
    this.requestId = "undefined"; // as AWS writes it while a handler loads
    this.finish = null; // answers the invocation that runs
    this.whenIdle = null; // what is answered when nothing is left to do
    this.channel = new Channel(fd, (request) => this.invoke(request));
  }

  async start() {
    this.patchConsole();
    process.on("uncaughtException", (error) => this.die("Uncaught Exception", error));
    process.on("unhandledRejection", (reason) =>
      this.die("Unhandled Promise Rejection", new Fault("Runtime.UnhandledPromiseRejection", String(reason), reason)));
    process.on("beforeExit", () => this.whenIdle?.());
    try {
      this.handler = await load(process.env._HANDLER, this.root);
      if (this.version >= FIRST_WITHOUT_CALLBACKS && this.handler.length > 2) {
        const message = "Handlers with a callback are not supported from Node.js 24 on: make the handler async";
        throw new Fault("Runtime.CallbackHandlerDeprecated", message);
      }
    } catch (error) {
      this.channel.send(ENDED, report(error, this.root));
      return;
    }
    this.channel.send(READY);
  }

  patchConsole() {
    for (const [method, level] of Object.entries(LEVELS)) {
      console[method] = (...said) => {
        const line = `${new Date().toISOString()}\t${this.requestId}\t${level}\t${util.format(...said)}\n`;
        process.stdout.write(line);
      };
    }
  }

  die(what, error) {
    console.error(what, error);
    this.channel.send(ENDED, report(error, this.root, true));
  }

  invoke(request) {
    this.requestId = request.id;
    this.finish = (kind, body) => {
      if (this.requestId !== request.id || !this.finish) return; // it was answered before
      this.finish = this.whenIdle = null;
      this.channel.send(kind, body);
    };
    const succeed = (value) => this.succeed(value);
    const fail = (error) => this.finish?.(FAILED, report(error, this.root));
    this.channel.socket.unref(); // so that it is seen when nothing is left to do
    this.whenIdle = () => this.neverAnswered();
    try {
      const event = JSON.parse(request.event);
      if (this.version >= FIRST_WITHOUT_CALLBACKS) {
        Promise.resolve(this.handler(event, context(request, this.arn))).then(succeed, fail);
        return;
      }
      const told = context(request, this.arn, (error, value) => answer(error, value));
      const answer = (error, value) => {
        const say = () => (error ? fail(error) : succeed(value));
        if (told.callbackWaitsForEmptyEventLoop) this.whenIdle = say;
        else say();
      };
      const returned = this.handler(event, told, answer);
      if (typeof returned?.then === "function") returned.then(succeed, fail);
      else if (returned !== undefined) console.warn("a handler that is not async returned a value, which is ignored");
    } catch (error) {
      fail(error);
    }
  }

  succeed(value) {
    let text;
    try {
      text = JSON.stringify(value === undefined ? null : value) ?? "null";
    } catch (error) {
      const fault = new Fault("Runtime.JSONStringifyError", `Unable to stringify response body: ${error.message}`);
      this.finish?.(FAILED, report(fault, this.root));
      return;
    }
    this.finish?.(RETURNED, Buffer.from(text));
  }

  neverAnswered() {
    const isAsync = util.types.isAsyncFunction(this.handler) || this.version >= FIRST_WITHOUT_CALLBACKS;
    if (!isAsync) return this.succeed(null);
    const message = "Nothing is left to do, and the handler has not answered: a promise was never settled";
    this.finish?.(FAILED, report(new Fault("Runtime.NodeJsExit", message), this.root));
  }
}

const [fd, arn, runtime] = process.argv.slice(2);
process.env.AWS_EXECUTION_ENV = `AWS_Lambda_${runtime}`;
await new Runtime(Number(fd), arn, Number.parseInt(runtime.replace("nodejs", ""), 10)).start();
