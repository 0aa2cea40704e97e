/******/ (() => { // webpackBootstrap
/******/ 	"use strict";
var __webpack_exports__ = {};

;// CONCATENATED MODULE: external "node:os"
const external_node_os_namespaceObject = require("node:os");
;// CONCATENATED MODULE: external "node:child_process"
const external_node_child_process_namespaceObject = require("node:child_process");
;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = require("node:path");
;// CONCATENATED MODULE: external "node:util"
const external_node_util_namespaceObject = require("node:util");
;// CONCATENATED MODULE: external "node:http"
const external_node_http_namespaceObject = require("node:http");
;// CONCATENATED MODULE: ./build/src/faults.js
function placeText(place) {
    const line = place.line === undefined ? '' : `:${place.line}`;
    const column = place.line === undefined || place.column === undefined ? '' : `:${place.column}`;
    return `${place.file}${line}${column}`;
}
/** The fault as one sentence: where, what, and the rule's name in brackets. */
function faultText(fault) {
    const where = [fault.place && placeText(fault.place), fault.input].filter((part) => part !== undefined).join(': ');
    // A message that begins with a verb has the input for its subject.
    const joint = where === '' ? '' : /^(?:is|has|holds|sets|names|belongs)\b/.test(fault.message) ? ' ' : ': ';
    return `${where}${joint}${fault.message} [${fault.rule}]`;
}
/** Everything that is wrong with the input, told at once: before the network is asked, by its answers before a build, or when Vertex AI refused it. */
class InputError extends Error {
    name = 'InputError';
    faults;
    foundAt;
    constructor(faults, foundAt = 'before', options) {
        super(faults.map(faultText).join('\n'), options);
        this.faults = faults;
        this.foundAt = foundAt;
    }
}
/** A failure told to the user as it is: the reason, and what mends it. */
class UserError extends Error {
    name = 'UserError';
}
/** One error for all of several, at least one; a single one stays as it is. */
function together([first, ...others]) {
    return others.length === 0 ? first : new UserError([first, ...others].map(messageOf).join('\n'), { cause: first });
}
/** The message of whatever was thrown, with the chain of its causes: as one sentence, or as another after a whole one. */
function messageOf(error) {
    if (!(error instanceof Error))
        return String(error);
    const own = ownMessage(error);
    if (error.cause === undefined || isAnswer(error))
        return own;
    const cause = messageOf(error.cause);
    if (own === '' || own.includes(cause))
        return own || cause;
    return `${own}${isSentence(own) ? ' The cause: ' : ': '}${cause}`;
}
/** A service's answer stands in the text of the error that was made of it; what a library made of that says the same again. */
const isAnswer = (error) => 'httpStatus' in error && typeof error.httpStatus === 'number';
/** Node gives no message to the failures of a host's several addresses together. */
function ownMessage(error) {
    if (error.message !== '' || !(error instanceof AggregateError))
        return error.message;
    return [...new Set(error.errors.map(messageOf))].join('; ');
}
/** Whether a text ends as a sentence does. */
const isSentence = (text) => /[.!?]["')\]]*$/.test(text);
/** The text as a whole sentence: with a full stop where it has no end. */
const asSentence = (text) => (isSentence(text) ? text : `${text}.`);
/** The value shown in a message: quoted, and cut where it is long. */
function shown(value) {
    const limit = 120;
    return JSON.stringify(value.length > limit ? `${value.slice(0, limit)}…` : value);
}

;// CONCATENATED MODULE: ./build/src/json.js
/** A JSON object: not an array, not null. */
function isRecord(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
/** The text at `key`, if it is one. */
function textAt(value, key) {
    const found = isRecord(value) ? value[key] : undefined;
    return typeof found === 'string' ? found : undefined;
}
/** Properties whose objects have names from outside for keys; the keys of all others are the code's own. */
const NAMED_FROM_OUTSIDE = new Set(['metrics', 'parameters', 'labels']);
/** The value with `change` applied to every text in it, the names of metrics, parameters and labels included. */
function mapTexts(value, change) {
    const changed = (inner, changeKey) => {
        if (typeof inner === 'string')
            return change(inner);
        if (Array.isArray(inner))
            return inner.map((one) => changed(one, asItIs));
        if (!isRecord(inner))
            return inner;
        return Object.fromEntries(Object.entries(inner).map(([key, one]) => [
            changeKey(key),
            changed(one, NAMED_FROM_OUTSIDE.has(key) ? change : asItIs),
        ]));
    };
    return changed(value, asItIs);
}
const asItIs = (key) => key;

;// CONCATENATED MODULE: ./build/src/engine/http.js



/** An answer of the engine that is no success, or the lack of one. */
class EngineError extends Error {
    name = 'EngineError';
    /** HTTP status; undefined when the engine did not answer. */
    status;
    constructor(message, status, options) {
        super(message, options);
        this.status = status;
    }
}
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** The address that DOCKER_HOST, a Docker context or `--host-engine` names. */
function parseEngineAddress(text) {
    const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(text)?.[1];
    if (socket !== undefined)
        return { socketPath: socket };
    const tcp = /^(?:tcp|http):\/\/(\[[0-9a-f:]+\]|[^:/]+):(\d{1,5})\/?$/i.exec(text);
    if (tcp !== null && LOOPBACK.has(tcp[1] ?? '')) {
        return { host: (tcp[1] ?? '').replace(/[[\]]/g, ''), port: Number(tcp[2]) };
    }
    throw new EngineError(`The Docker engine's address ${JSON.stringify(text)} cannot be used: accepted are unix:///PATH, npipe:////./pipe/NAME ` +
        'and tcp:// on this machine (127.0.0.1, localhost or [::1]) with a port. A remote engine cannot see the folders of this one.');
}
function opened(address, call, extra = {}) {
    const query = new URLSearchParams(call.query ?? {}).toString();
    // Without a version in the path the engine takes its own newest: the only way that fits engines old and new.
    const options = {
        ...address,
        method: call.method,
        path: query === '' ? call.path : `${call.path}?${query}`,
        headers: { host: 'docker', ...call.headers, ...extra },
        agent: false,
        ...(call.signal === undefined ? {} : { signal: call.signal }),
    };
    return (0,external_node_http_namespaceObject.request)(options);
}
async function http_text(stream) {
    const chunks = [];
    for await (const chunk of stream)
        chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
}
function parsed(body) {
    try {
        return body === '' ? undefined : JSON.parse(body);
    }
    catch {
        return body;
    }
}
function unreachable(error) {
    return new EngineError(`The Docker engine cannot be reached: ${messageOf(error)}`, undefined, { cause: error });
}
async function refused(response) {
    const body = parsed(await http_text(response));
    const message = textAt(body, 'message') ?? `status ${response.statusCode}`;
    return new EngineError(`The Docker engine answered: ${message}`, response.statusCode);
}
function isGood(response) {
    const status = response.statusCode ?? 0;
    return (status >= 200 && status < 300) || status === 304;
}
/** Sends the call and gives the response, still to be read. Throws `EngineError` for anything but success. */
async function respond(address, call) {
    const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
    const response = await new Promise((resolve, reject) => {
        const sent = opened(address, call, headers);
        sent.on('response', resolve);
        sent.on('error', (error) => reject(call.signal?.aborted ? call.signal.reason : unreachable(error)));
        sent.end(body);
    });
    if (!isGood(response))
        throw await refused(response);
    return response;
}
/** One call with a JSON answer. */
async function engineCall(address, call) {
    return parsed(await http_text(await respond(address, call)));
}
/** One call that answers with a JSON object a line, while it goes on. */
async function* engineLines(address, call) {
    const response = await respond(address, call);
    response.setEncoding('utf8');
    let rest = '';
    for await (const chunk of response) {
        const lines = `${rest}${chunk}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
            const value = parsed(line.trim());
            if (isRecord(value))
                yield value;
        }
    }
}
/** One call that answers with bytes, while it goes on. */
async function* engineBytes(address, call) {
    for await (const chunk of await respond(address, call))
        yield chunk;
}
/** One call that turns its connection into a stream of bytes. */
function engineStream(address, call) {
    return new Promise((resolve, reject) => {
        const sent = opened(address, call, { connection: 'Upgrade', upgrade: 'tcp', 'content-length': 0 });
        sent.on('upgrade', (_response, socket, head) => {
            if (head.length > 0)
                socket.unshift(head);
            resolve(socket);
        });
        sent.on('response', (response) => {
            if (isGood(response))
                resolve(response);
            else
                refused(response).then(reject, reject);
        });
        sent.on('error', (error) => reject(unreachable(error)));
        sent.end();
    });
}

;// CONCATENATED MODULE: ./build/src/engine/address.js





const DEFAULT = process.platform === 'win32' ? 'npipe:////./pipe/docker_engine' : 'unix:///var/run/docker.sock';
async function contextAddress() {
    const args = ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'];
    try {
        const { stdout } = await (0,external_node_util_namespaceObject.promisify)(external_node_child_process_namespaceObject.execFile)('docker', args, { timeout: 10_000 });
        return stdout.trim() || undefined;
    }
    catch {
        // Without the docker program there are no contexts: the usual socket it is.
        return undefined;
    }
}
/** Where this machine's engine listens: as given, else DOCKER_HOST, else the current Docker context, else the usual socket. */
async function engineAddress(given, env) {
    const host = env['DOCKER_HOST'] ?? '';
    const fromHost = host === '' ? undefined : host;
    return parseEngineAddress(given ?? fromHost ?? (await contextAddress()) ?? DEFAULT);
}
/** Docker's config.json, where `docker login` keeps credentials. */
function dockerConfigFile(env) {
    return (0,external_node_path_namespaceObject.join)(env['DOCKER_CONFIG'] || (0,external_node_path_namespaceObject.join)((0,external_node_os_namespaceObject.homedir)(), '.docker'), 'config.json');
}

;// CONCATENATED MODULE: external "node:readline"
const external_node_readline_namespaceObject = require("node:readline");
;// CONCATENATED MODULE: ./build/src/local/embedded.js



/** How long the service outlives the action's process without being asked anything, so that its post step finds it. */
const IDLE_MS = 60_000;
function tokenIn(line) {
    let value;
    try {
        value = JSON.parse(line);
    }
    catch {
        value = undefined;
    }
    const token = textAt(value, 'token');
    if (token === undefined || token === '')
        throw new UserError('The first line on stdin must be {"token":"…"}.');
    return token;
}
function readLifeline(stdin) {
    return new Promise((resolve, reject) => {
        const lines = (0,external_node_readline_namespaceObject.createInterface)({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY });
        const closed = new Promise((done) => lines.once('close', done));
        lines.once('line', (line) => {
            try {
                resolve({ token: tokenIn(line), closed });
            }
            catch (error) {
                reject(error);
            }
        });
        closed.then(() => reject(new UserError('stdin closed before it gave a token.')));
        stdin.on('error', () => lines.close());
    });
}
/** Calls `onIdle` once no request has come for a minute since the lifeline broke. */
class IdleWatch {
    #onIdle;
    #idleMs;
    #timer;
    constructor(onIdle, idleMs = IDLE_MS) {
        this.#onIdle = onIdle;
        this.#idleMs = idleMs;
    }
    /** The lifeline has broken. */
    begin() {
        this.#timer = setTimeout(this.#onIdle, this.#idleMs);
    }
    /** A request has come. */
    touch() {
        this.#timer?.refresh();
    }
}

;// CONCATENATED MODULE: external "node:fs/promises"
const promises_namespaceObject = require("node:fs/promises");
;// CONCATENATED MODULE: external "node:crypto"
const external_node_crypto_namespaceObject = require("node:crypto");
;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = require("node:fs");
;// CONCATENATED MODULE: ./build/src/local/life/process.js


/** State and start time in Linux' /proc/PID/stat (proc_pid_stat(5)); the program's name before them may hold anything. */
function readStat(text) {
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, began] = [fields[0], fields[19]];
    return state === undefined || began === undefined ? undefined : { state, began };
}
/** Ended, and not yet taken note of by its parent. */
const ENDED = new Set(['Z', 'X', 'x']);
/** The beginning of a process; undefined where the system does not say, `ended` where there is no such process any more. */
function beganOf(pid) {
    try {
        process.kill(pid, 0);
    }
    catch (error) {
        // One of another user is there all the same.
        if (error.code === 'ESRCH')
            return 'ended';
    }
    try {
        if (process.platform === 'linux') {
            const stat = readStat((0,external_node_fs_namespaceObject.readFileSync)(`/proc/${pid}/stat`, 'utf8'));
            return stat !== undefined && ENDED.has(stat.state) ? 'ended' : stat?.began;
        }
        if (process.platform === 'win32')
            return undefined;
        return (0,external_node_child_process_namespaceObject.execFileSync)('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
    }
    catch {
        return undefined;
    }
}
/** The mark of a process that runs, by default of this one. */
function markOf(pid = process.pid) {
    const began = beganOf(pid);
    return { pid, began: began === 'ended' ? undefined : began };
}
/** Whether the very process still runs; taken for running where the system does not say. */
function isRunning({ pid, began }) {
    const now = beganOf(pid);
    if (now === 'ended')
        return false;
    return now === undefined || began === undefined || now === began;
}

;// CONCATENATED MODULE: ./build/src/local/life/lock.js






const NAME = 'lock';
function textOf(path) {
    try {
        return (0,external_node_fs_namespaceObject.readFileSync)(path, 'utf8');
    }
    catch {
        return undefined;
    }
}
/** Who holds the lock; undefined for a text that no service wrote. */
function holderIn(text) {
    try {
        const value = JSON.parse(text);
        const pid = isRecord(value) ? value['pid'] : undefined;
        return typeof pid === 'number' && Number.isInteger(pid) && pid > 0
            ? { pid, began: textAt(value, 'began') }
            : undefined;
    }
    catch {
        return undefined;
    }
}
const isTaken = (error) => error.code === 'EEXIST';
/** Whether `make` could make what nobody had made. */
function made(make) {
    try {
        make();
        return true;
    }
    catch (error) {
        if (isTaken(error))
            return false;
        throw error;
    }
}
/** Whether the file could be given the lock's name: whole at once, but on file systems that know no second names. */
function linked(own, path) {
    try {
        return made(() => (0,external_node_fs_namespaceObject.linkSync)(own, path));
    }
    catch {
        return made(() => (0,external_node_fs_namespaceObject.writeFileSync)(path, (0,external_node_fs_namespaceObject.readFileSync)(own), { mode: 0o600, flag: 'wx' }));
    }
}
/** Takes a lock away that nobody holds; one that somebody else took meanwhile is put back. */
function clear(path, stale) {
    const aside = `${path}.${(0,external_node_crypto_namespaceObject.randomBytes)(4).toString('hex')}`;
    try {
        (0,external_node_fs_namespaceObject.renameSync)(path, aside);
    }
    catch {
        return;
    }
    if (textOf(aside) !== stale)
        linked(aside, path);
    (0,external_node_fs_namespaceObject.rmSync)(aside, { force: true });
}
function refusal(folder, { pid }) {
    return new UserError(`The data folder ${folder} is in use by another local region, the process ${pid}. End that one (kill ${pid}), or give this one a folder of its own with --data.`);
}
/** A lock is tried for so often while others come and go. */
const ATTEMPTS = 10;
/**
 * Makes this process the only service on a data folder; gives what lets go of it. A lock whose process is gone is taken over,
 * also where its number belongs to another process by now. Throws UserError where the folder is in use.
 */
function lockFolder(folder, own = markOf()) {
    const path = (0,external_node_path_namespaceObject.join)(folder, NAME);
    const mine = `${path}.${own.pid}.${(0,external_node_crypto_namespaceObject.randomBytes)(4).toString('hex')}`;
    const text = JSON.stringify(own);
    (0,external_node_fs_namespaceObject.writeFileSync)(mine, text, { mode: 0o600 });
    try {
        for (let left = ATTEMPTS; left > 0; left -= 1) {
            if (linked(mine, path)) {
                return () => {
                    if (textOf(path) === text)
                        (0,external_node_fs_namespaceObject.rmSync)(path, { force: true });
                };
            }
            const found = textOf(path);
            const holder = found === undefined ? undefined : holderIn(found);
            if (holder !== undefined && isRunning(holder))
                throw refusal(folder, holder);
            clear(path, found);
        }
    }
    finally {
        (0,external_node_fs_namespaceObject.rmSync)(mine, { force: true });
    }
    throw new UserError(`The data folder ${folder} is being taken by several local regions at once. Start one of them.`);
}

;// CONCATENATED MODULE: ./build/src/local/life/data-folder.js





/**
 * The folder of a service that listens at a port, for whoever names none: the same at the next start, so that it finds its
 * jobs. In XDG's folder for state, whose variable counts only with an absolute path (XDG Base Directory Specification).
 */
function stateFolder(port, env, home) {
    const { XDG_STATE_HOME: given = '' } = env;
    const state = (0,external_node_path_namespaceObject.isAbsolute)(given) ? given : (0,external_node_path_namespaceObject.join)(home, '.local', 'state');
    return (0,external_node_path_namespaceObject.join)(state, 'train-on-vertex', `local-${port}`);
}
/** Opens the folder given, for this process alone, or makes a fresh one. Throws UserError where it cannot be had. */
async function openDataFolder(given) {
    if (given === undefined) {
        const path = await (0,promises_namespaceObject.mkdtemp)((0,external_node_path_namespaceObject.join)((0,external_node_os_namespaceObject.tmpdir)(), 'train-on-vertex-'));
        return { path, isKept: false, release: () => (0,promises_namespaceObject.rm)(path, { recursive: true, force: true }) };
    }
    const path = (0,external_node_path_namespaceObject.resolve)(given);
    try {
        await (0,promises_namespaceObject.mkdir)(path, { recursive: true, mode: 0o700 });
        const unlock = lockFolder(path);
        return { path, isKept: true, release: async () => unlock() };
    }
    catch (error) {
        if (error instanceof UserError)
            throw error;
        const message = `The data folder ${path} cannot be used: ${messageOf(error)}. Name one with --data that can be written to.`;
        throw new UserError(message, { cause: error });
    }
}

;// CONCATENATED MODULE: ./build/src/local/options.js



const USAGE = 'Accepted: --port P (default 8600; 0 picks a free one), --data DIR (where jobs, logs and buckets are kept; default: ' +
    '~/.local/state/train-on-vertex/local-P or below XDG_STATE_HOME; with --port 0, --embedded or --faults a fresh folder, ' +
    'removed at the end), ' +
    '--host-engine ADDRESS (default: DOCKER_HOST, else the current Docker context), --tls (HTTPS, with a certificate made ' +
    'at the start), --max-cpus N and --max-memory GIB (what the machines of all running jobs may have together; default: ' +
    'what this machine has), --embedded (for the action), ' +
    '--faults (for tests: failures on demand and simulated jobs).';
const FLAGS = {
    port: { type: 'string' },
    data: { type: 'string' },
    'host-engine': { type: 'string' },
    embedded: { type: 'boolean' },
    faults: { type: 'boolean' },
    tls: { type: 'boolean' },
    'max-cpus': { type: 'string' },
    'max-memory': { type: 'string' },
};
function options_parsed(argv) {
    try {
        return (0,external_node_util_namespaceObject.parseArgs)({ args: [...argv], options: FLAGS, strict: true, allowPositionals: false }).values;
    }
    catch (error) {
        throw new UserError(`${messageOf(error)}\n${USAGE}`, { cause: error });
    }
}
function amount(flag, text) {
    if (text === undefined)
        return undefined;
    if (/^\d{1,9}(?:\.\d{1,9})?$/.test(text) && Number(text) > 0)
        return Number(text);
    throw new UserError(`${flag} ${shown(text)} is no amount: a number above 0 is accepted.\n${USAGE}`);
}
/** The command line as a value. Throws `UserError` that names the accepted flags. */
function readOptions(argv) {
    const values = options_parsed(argv);
    const { embedded = false, faults = false, tls = false } = values;
    const port = values.port ?? (embedded ? '0' : '8600');
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
        throw new UserError(`--port ${shown(port)} is no port: a number from 0 to 65535 is accepted.\n${USAGE}`);
    }
    return {
        port: Number(port),
        data: values.data,
        engine: values['host-engine'],
        embedded,
        faults,
        tls,
        maxCpus: amount('--max-cpus', values['max-cpus']),
        maxMemoryGiB: amount('--max-memory', values['max-memory']),
    };
}
/**
 * The data folder of a service with these options, undefined for a fresh one: a port of its own has the same folder each
 * time; one that is picked has none that could be found again, and what is for one workflow or one test is not to be.
 */
function dataFolderOf({ data, port, embedded, faults }, env, home) {
    if (data !== undefined || port === 0 || embedded || faults)
        return data;
    return stateFolder(port, env, home);
}

;// CONCATENATED MODULE: ./build/src/local/ready-lines.js
/** What points gcloud, Google's libraries and tests at a service that listens; shell lines to be copied as they stand. */
function readyLines({ port, certificate }, { faults, data }) {
    const base = `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}/`;
    const kept = data === undefined ? 'Nothing is kept when it ends.' : `Jobs, logs and buckets are kept in ${data}`;
    return [
        `Vertex AI's training API, Cloud Logging and Cloud Storage, local, at ${base} (any project, any region; Ctrl+C ends it)`,
        kept,
        'To use it with gcloud:',
        `  export CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM=${base}`,
        `  export CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING=${base}`,
        `  export CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE=${base}storage/v1/`,
        '  export CLOUDSDK_CORE_PROJECT=my-project CLOUDSDK_CORE_DISABLE_PROMPTS=1',
        '  export CLOUDSDK_AUTH_ACCESS_TOKEN_FILE=FILE   # a file with any word in it: no sign-in is needed here',
        '  gcloud ai custom-jobs list --region=us-central1',
        ...pythonLines(port, certificate),
        "To use it with Node.js' @google-cloud/aiplatform, in the options of each of its clients:",
        `  { apiEndpoint: 'localhost', port: ${port}, protocol: '${certificate === undefined ? 'http' : 'https'}', fallback: true, authClient }   // an OAuth2Client with any access_token`,
        "To use what jobs wrote with Google's storage libraries:",
        `  export STORAGE_EMULATOR_HOST=${base.slice(0, -1)}`,
        ...(certificate === undefined ? [] : trustLines(certificate)),
        ...(faults ? [`It fails on demand, for tests: POST ${base}-/faults`] : []),
    ].join('\n');
}
/** The SDK's REST transport speaks HTTPS alone. */
function pythonLines(port, certificate) {
    if (certificate === undefined) {
        return ["Google's Python SDK for Vertex AI speaks HTTPS alone: start this with --tls to use it."];
    }
    return [
        "To use it with Google's Python SDK for Vertex AI:",
        '  from google.cloud import aiplatform; from google.oauth2.credentials import Credentials',
        `  aiplatform.init(project="my-project", location="us-central1", api_endpoint="localhost:${port}", api_transport="rest", credentials=Credentials(token="any-word"))`,
    ];
}
/** A path as one word of any shell's. */
const shellWord = (path) => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
/** What makes clients believe the certificate that the service has made. */
function trustLines({ caFile, bundleFile }) {
    const [ca, bundle] = [shellWord(caFile), shellWord(bundleFile)];
    return [
        'To have its certificate believed by Python, Node.js and gcloud:',
        `  export REQUESTS_CA_BUNDLE=${bundle}   # the public authorities are in it too`,
        `  export NODE_EXTRA_CA_CERTS=${ca}`,
        `  export CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE=${bundle}`,
    ];
}

;// CONCATENATED MODULE: external "node:timers/promises"
const external_node_timers_promises_namespaceObject = require("node:timers/promises");
;// CONCATENATED MODULE: ./build/src/retry.js

const systemClock = {
    now: () => Date.now(),
    sleep: async (ms, signal) => {
        signal?.throwIfAborted();
        try {
            await (0,external_node_timers_promises_namespaceObject.setTimeout)(ms, undefined, { signal });
        }
        catch (error) {
            signal?.throwIfAborted();
            throw error;
        }
    },
};
/** The wait after attempt `attempt` (1 upward): doubled each time, capped, with full jitter from `random` in [0, 1). */
function backoffMs(backoff, attempt, random) {
    const ceiling = Math.min(backoff.capMs, backoff.firstMs * 2 ** (attempt - 1));
    return Math.round(ceiling * (0.5 + random / 2));
}
/** Runs `action` until it succeeds, fails for good, or the attempts are used up; throws the last error as it was. */
async function retry(action, options) {
    const { clock, backoff, transient, signal, onRetry, random = Math.random } = options;
    for (let attempt = 1;; attempt += 1) {
        signal?.throwIfAborted();
        try {
            return await action();
        }
        catch (error) {
            if (attempt >= backoff.attempts || !transient(error))
                throw error;
            const waitMs = backoffMs(backoff, attempt, random());
            onRetry?.(error, waitMs);
            await clock.sleep(waitMs, signal);
        }
    }
}

;// CONCATENATED MODULE: ./build/src/local/api/errors.js
/** google.rpc.Code by name: its number, and the HTTP status that Google's APIs answer it with. */
const RPC_CODES = {
    CANCELLED: { number: 1, http: 499 },
    INVALID_ARGUMENT: { number: 3, http: 400 },
    DEADLINE_EXCEEDED: { number: 4, http: 504 },
    NOT_FOUND: { number: 5, http: 404 },
    ALREADY_EXISTS: { number: 6, http: 409 },
    PERMISSION_DENIED: { number: 7, http: 403 },
    RESOURCE_EXHAUSTED: { number: 8, http: 429 },
    FAILED_PRECONDITION: { number: 9, http: 400 },
    UNIMPLEMENTED: { number: 12, http: 501 },
    INTERNAL: { number: 13, http: 500 },
    UNAVAILABLE: { number: 14, http: 503 },
    UNAUTHENTICATED: { number: 16, http: 401 },
};
/** A refusal of a request, told to the caller in Google's error form. */
class ApiError extends Error {
    name = 'ApiError';
    rpc;
    details;
    constructor(rpc, message, details = []) {
        super(message);
        this.rpc = rpc;
        this.details = details;
    }
}
/** The HTTP status and body of an error; what is no `ApiError` is INTERNAL, and its text stays inside the service. */
function errorAnswer(error) {
    const told = error instanceof ApiError ? error : new ApiError('INTERNAL', 'Internal error encountered.');
    const { http } = RPC_CODES[told.rpc];
    const details = told.details.length > 0 ? { details: told.details } : {};
    return { http, body: { error: { code: http, message: told.message, status: told.rpc, ...details } } };
}

;// CONCATENATED MODULE: ./build/src/local/api/ids.js


/** The project's number: itself when a number was given, else a fixed pseudo-number of twelve digits for the id. */
function projectNumber(project) {
    if (/^\d+$/.test(project))
        return project;
    const digest = (0,external_node_crypto_namespaceObject.createHash)('sha256').update(project).digest();
    return String(100000000000n + (digest.readBigUInt64BE() % 900000000000n));
}
/** The place that a path names; any project and any location, as long as they are spelled like one. */
function placeOf(project, location) {
    if (!/^[a-z0-9](?:[a-z0-9.:-]*[a-z0-9])?$/i.test(project)) {
        throw new ApiError('INVALID_ARGUMENT', `Invalid project id: ${JSON.stringify(project)}`);
    }
    if (!/^[a-z][a-z0-9-]*$/.test(location)) {
        throw new ApiError('INVALID_ARGUMENT', `Invalid location: ${JSON.stringify(location)}`);
    }
    return { project, projectNumber: projectNumber(project), location };
}
/** `projects/NUMBER/locations/LOCATION`, as answers carry it. */
function parentName(place) {
    return `projects/${place.projectNumber}/locations/${place.location}`;
}
/** A new resource id: 19 digits that fit an int64 and no JavaScript number. */
function newId() {
    const smallest = 10n ** 18n;
    return String(smallest + ((0,external_node_crypto_namespaceObject.randomBytes)(8).readBigUInt64BE() % (8n * smallest)));
}
/** The ten hexadecimal digits that all host names of one job share. */
function clusterId(jobId) {
    return (0,external_node_crypto_namespaceObject.createHash)('sha256').update(jobId).digest('hex').slice(0, 10);
}

;// CONCATENATED MODULE: ./build/src/local/containers/engine/labels.js
/** Marks the containers and networks of one running service. */
const SERVICE_LABEL = 'train-on-vertex.service';
/** Holds the job's id. */
const JOB_LABEL = 'train-on-vertex.job';
/** Holds the replica's name, `workerpool0-0`. */
const REPLICA_LABEL = 'train-on-vertex.replica';
/** Marks a network in which the service chose the replicas' addresses. */
const ADDRESSES_LABEL = 'train-on-vertex.addresses';

;// CONCATENATED MODULE: ./build/src/local/containers/engine/image-name.js
/** `sha256:…` alone is the id of an image that the engine has; nothing can be pulled by it. */
function isImageId(image) {
    return /^sha256:[0-9a-f]{64}$/.test(image);
}
function imageName(image) {
    const at = image.indexOf('@');
    const tagged = at < 0 ? image : image.slice(0, at);
    const colon = tagged.lastIndexOf(':');
    const hasTag = colon > tagged.lastIndexOf('/');
    const name = hasTag ? tagged.slice(0, colon) : tagged;
    const tag = hasTag ? tagged.slice(colon + 1) : 'latest';
    const [first = ''] = name.split('/');
    const hasHost = name.includes('/') && (/[.:]/.test(first) || first === 'localhost');
    return { name, reference: at < 0 ? tag : image.slice(at + 1), registry: hasHost ? first : 'docker.io' };
}

;// CONCATENATED MODULE: ./build/src/local/containers/engine/registry-auth.js


/** The keys under which `docker login` keeps the credentials of a registry. */
function keysOf(registry) {
    if (registry === 'docker.io')
        return ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io'];
    return [
        registry,
        `https://${registry}`,
        `https://${registry}/`,
        `https://${registry}/v1/`,
        `https://${registry}/v2/`,
    ];
}
function decoded(auth) {
    const plain = Buffer.from(auth, 'base64').toString('utf8');
    const colon = plain.indexOf(':');
    return colon < 0 ? undefined : { username: plain.slice(0, colon), password: plain.slice(colon + 1) };
}
/**
 * The X-Registry-Auth header for a registry, from the text of Docker's config.json; undefined where it holds no
 * credentials for it in `auths` (credential helpers are not asked).
 */
function registryAuth(configText, registry) {
    const config = JSON.parse(configText);
    const auths = isRecord(config) ? config['auths'] : undefined;
    if (!isRecord(auths))
        return undefined;
    const entry = keysOf(registry)
        .map((key) => (Object.hasOwn(auths, key) ? auths[key] : undefined))
        .find(isRecord);
    const credentials = decoded(textAt(entry, 'auth') ?? '');
    if (credentials === undefined)
        return undefined;
    return Buffer.from(JSON.stringify({ ...credentials, serveraddress: registry })).toString('base64url');
}
/** The same from the file; a missing or unreadable file holds no credentials. */
async function registryAuthFrom(file, registry) {
    if (file === undefined)
        return undefined;
    try {
        return registryAuth(await (0,promises_namespaceObject.readFile)(file, 'utf8'), registry);
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./build/src/local/containers/failure.js


/** A job's image is neither here nor to be had. */
class ImageError extends Error {
    name = 'ImageError';
}
/** A replica's container could not be made or started, by the fault of its image or command. */
class StartError extends Error {
    name = 'StartError';
}
/** Why a job's run was broken off: the reason that its signal aborts with. */
class JobStopped extends Error {
    name = 'JobStopped';
    kind;
    constructor(kind, message) {
        super(message);
        this.kind = kind;
    }
}
/** The platform itself ends the job, whatever its program does: the reason that its signal aborts with. */
class JobEnded extends Error {
    name = 'JobEnded';
    ending;
    constructor(ending) {
        super(ending.error?.message ?? `The job is ${ending.state}.`);
        this.ending = ending;
    }
}
/** The job's machines failed it, with an error that is the job's as it stands. */
class MachineError extends Error {
    name = 'MachineError';
    status;
    constructor(status) {
        super(status.message);
        this.status = status;
    }
}
/** Where the real service links to its console, whose pages know nothing of a local job: the filter that the link holds. */
function whereToLook(logJobId) {
    return `To find out more about why your job exited please check the logs: resource.type="ml_job" resource.labels.job_id="${logJobId}"`;
}
/** The error of a job whose replica ended with a code other than 0, in the real service's words. */
function exitStatus(replica, exit, logJobId) {
    const code = RPC_CODES.INVALID_ARGUMENT.number;
    const what = exit.oomKilled
        ? `The replica ${replica} ran out of memory and exited with a non-zero status of ${exit.exitCode}.`
        : `The replica ${replica} exited with a non-zero status of ${exit.exitCode}. Termination reason: Error.`;
    return { code, message: `${what} ${whereToLook(logJobId)}` };
}
/**
 * The text about a replica whose container could not be started, in the real service's words (observed: vertex-ai-samples
 * #1898); the engine's own stand where those of the service's engine do.
 */
function startMessage(replica, words) {
    return `The replica ${replica} exited with a non-zero status of 128. Termination reason: StartError. \n Termination log message: ${words}`;
}
/**
 * The error of a cancelled job, by the reason that its signal aborted with. The service's full text is not known; that it
 * holds the word CANCELED is.
 */
function cancelledStatus(reason) {
    const text = reason instanceof JobStopped && reason.kind === 'failed'
        ? 'The trial was stopped because its tuning job failed.'
        : 'The job was cancelled by the user.';
    return { code: RPC_CODES.CANCELLED.number, message: `CANCELED: ${text}` };
}
/** How a job ends that was broken off, by the reason that its signal aborted with, and what its log says of it. */
function stoppedEnding(reason) {
    if (reason instanceof JobEnded) {
        const { ending, message } = reason;
        return { ...ending, text: message, severity: ending.error === undefined ? 'INFO' : 'ERROR' };
    }
    return { state: 'CANCELLED', error: cancelledStatus(reason), text: 'Job is cancelled.', severity: 'INFO' };
}
/** The error of a job that something else than its program ended. */
function troubleStatus(error) {
    if (error instanceof JobStopped && error.kind === 'timeout') {
        return { code: RPC_CODES.DEADLINE_EXCEEDED.number, message: `DEADLINE_EXCEEDED: ${error.message}` };
    }
    if (error instanceof MachineError)
        return error.status;
    if (error instanceof ImageError)
        return { code: RPC_CODES.NOT_FOUND.number, message: error.message };
    if (error instanceof StartError)
        return { code: RPC_CODES.INVALID_ARGUMENT.number, message: error.message };
    return {
        code: RPC_CODES.INTERNAL.number,
        message: `Internal error occurred for the current attempt: ${messageOf(error)}`,
    };
}

;// CONCATENATED MODULE: ./build/src/local/containers/replica/python-package.js
const NOT_THERE = 'is not in the local Cloud Storage. Upload it to the service that runs this job; one that a step starts for itself ' +
    'begins empty, so name a standing one in CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM.';
/**
 * What runs in the executor image, as the runner of Google's own images does it by its log lines: each package is fetched
 * and installed, first it alone and then what it depends on, and a failed installation is tried a second time; then the
 * module runs. A package comes from the folder that is the bucket, not through gsutil. The second try builds with the
 * tools that the image has, so that a package without dependencies needs no network. The module takes the shell's place:
 * it gets the signals, and its exit code is the container's. Arguments: the module, the number of packages, the
 * packages' URIs, the module's own arguments.
 */
const RUNNER = [
    'module=$1',
    'left=$2',
    'shift 2',
    'say() { printf "%s\\n" "$*"; }',
    'run() { say "Running command: $*"; "$@"; }',
    'install() {',
    '  run pip3 install "$@" --user --upgrade --force-reinstall --no-deps "$file" && run pip3 install "$@" --user "$file"',
    '}',
    'say "Running module $module."',
    'folder=/tmp/packages',
    'mkdir -p "$folder" || exit 1',
    'while [ "$left" -gt 0 ]; do',
    '  uri=$1',
    '  shift',
    '  left=$((left - 1))',
    '  file=$folder/$(basename "$uri")',
    '  say "Downloading the package: $uri"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's, not a template's.
    '  if ! run cp "/gcs/${uri#gs://}" "$file"; then',
    `    say "$uri ${NOT_THERE}" >&2`,
    '    exit 1',
    '  fi',
    '  say "Installing the package: $uri"',
    '  if ! install; then',
    '    say "Installation of package failed on try 1/2. Retrying with the build tools of the image." >&2',
    '    install --no-build-isolation || exit 1',
    '  fi',
    'done',
    'say "Running command: python3 -m $module $*"',
    'exec python3 -m "$module" "$@"',
].join('\n');
function packageContainer(spec) {
    const { executorImageUri = '', packageUris = [], pythonModule = '', args = [], env = [] } = spec;
    return {
        imageUri: executorImageUri,
        command: ['sh', '-c', RUNNER, 'run_module'],
        args: [pythonModule, String(packageUris.length), ...packageUris, ...args],
        env,
    };
}
/**
 * What the replicas of a pool run: its container, or the one that installs and runs its Python package. Undefined for
 * an empty pool.
 */
function containerOf({ containerSpec, pythonPackageSpec }) {
    return pythonPackageSpec === undefined ? containerSpec : packageContainer(pythonPackageSpec);
}
/**
 * The job as CLUSTER_SPEC and TF_CONFIG hold it: JSON text under the old product's names, empty for a container
 * (observed in logs of the service).
 */
function jobText(pool) {
    const { pythonModule = '', packageUris = [], args = [] } = pool?.pythonPackageSpec ?? {};
    return JSON.stringify({ python_module: pythonModule, package_uris: packageUris, job_args: args });
}

;// CONCATENATED MODULE: ./build/src/local/containers/images.js





/** In the real service's words; what mends it is ours to say. */
function notFound(image, cause) {
    const reason = cause === undefined ? 'the engine has no image of that id' : messageOf(cause);
    const message = `Failed to read the container uri [${image.uri}]. Please make sure that the image exists: ${reason}`;
    return new ImageError(image.isExecutor ? `${message}\n${executorNote(image.uri)}` : message, { cause });
}
function executorNote(uri) {
    return ('A Python package runs in the image that its executorImageUri names, and this engine has not got that one. Where ' +
        `its registry can be reached, bring it here: docker pull ${uri}`);
}
async function ensureImage(runtime, image, signal, say) {
    const { uri } = image;
    if (await runtime.engine.hasImage(uri, signal))
        return;
    if (isImageId(uri))
        throw notFound(image, undefined);
    say(`Pulling image ${uri}.`);
    const auth = await registryAuthFrom(runtime.dockerConfig, imageName(uri).registry);
    try {
        await runtime.engine.pull(uri, auth, signal);
    }
    catch (error) {
        signal.throwIfAborted();
        throw notFound(image, error);
    }
}
/** Sees to it that the engine has every image of the job. Throws `ImageError` where it cannot. */
async function ensureImages(runtime, spec, signal, say) {
    const images = new Map();
    for (const pool of spec.workerPoolSpecs) {
        const uri = containerOf(pool)?.imageUri;
        if (uri !== undefined)
            images.set(uri, { uri, isExecutor: pool.pythonPackageSpec !== undefined });
    }
    for (const image of images.values())
        await ensureImage(runtime, image, signal, say);
}

;// CONCATENATED MODULE: ./build/src/local/containers/replica/environment.js


const PORT = 2222;
/** The port that the service's pods call TRAINING_PORT; what it sets MASTER_PORT to is not documented. */
const MASTER_PORT = 3333;
const TF_ROLES = ['chief', 'worker', 'ps', 'evaluator'];
const METRIC_FILE = '/var/hypertune/output.metrics';
/** Whether the job's log is to hold what is the same for all trials of a tuning job: it is told for the first. */
function tellsForAll({ trialId = '1' }) {
    return trialId === '1';
}
function replicaName(seat) {
    return `workerpool${seat.pool}-${seat.index}`;
}
/** How many replicas a pool has; an empty pool only holds its position, and one without a count has one. */
function replicaCount(pool) {
    return containerOf(pool) === undefined ? 0 : Number(pool.replicaCount ?? '1');
}
/** Every replica of the job, the primary (`workerpool0-0`) first. */
function seatsOf(spec) {
    return spec.workerPoolSpecs.flatMap((pool, index) => Array.from({ length: replicaCount(pool) }, (_unused, replica) => ({ pool: index, index: replica })));
}
function hostName(prefix, clusterId, seat) {
    return `${prefix}workerpool${seat.pool}-${clusterId}-${seat.index}`;
}
/** The names under which the others reach a replica: the one of CLUSTER_SPEC, then the one of TF_CONFIG. */
function hostNames(clusterId, seat) {
    return [hostName('cmle-training-', clusterId, seat), hostName('training-', clusterId, seat)];
}
/**
 * The container's own host name, which none of the others knows it by: that of CLUSTER_SPEC and five letters more, as pods
 * have (observed). It stays through restarts (understanding-training-service).
 */
function ownHostName(clusterId, seat) {
    const [known] = hostNames(clusterId, seat);
    const letters = (0,external_node_crypto_namespaceObject.createHash)('sha256').update(known).digest().subarray(0, 5);
    return `${known}-${[...letters].map((byte) => String.fromCharCode(97 + (byte % 26))).join('')}`;
}
function clusterSpec(job, seat) {
    const cluster = {};
    for (const other of seatsOf(job.spec)) {
        const role = `workerpool${other.pool}`;
        cluster[role] = [...(cluster[role] ?? []), `${hostName('cmle-training-', job.clusterId, other)}:${PORT}`];
    }
    const trial = job.trialId === undefined ? {} : { trial: job.trialId };
    const task = { type: `workerpool${seat.pool}`, index: seat.index, ...trial };
    return JSON.stringify({ cluster, environment: 'cloud', task, job: jobText(job.spec.workerPoolSpecs[seat.pool]) });
}
function tfConfig(job, seat) {
    const cluster = {};
    for (const other of seatsOf(job.spec)) {
        const role = TF_ROLES[other.pool];
        if (role === undefined || role === 'evaluator')
            continue;
        cluster[role] = [...(cluster[role] ?? []), `${hostName('training-', job.clusterId, other)}:${PORT}`];
    }
    const trial = job.trialId === undefined ? {} : { trial: job.trialId };
    const type = TF_ROLES[seat.pool] ?? `workerpool${seat.pool}`;
    const task = { type, index: seat.index, ...trial, cloud: job.clusterId };
    return JSON.stringify({ cluster, task, job: jobText(job.spec.workerPoolSpecs[seat.pool]), environment: 'cloud' });
}
/** PyTorch's variables. They count machines; a Reduction Server takes part in no process group, so it is not counted. */
function torchVariables(job, seat) {
    const isReducer = (pool) => job.spec.workerPoolSpecs[pool]?.containerSpec?.imageUri.includes('/reductionserver');
    const ranked = seatsOf(job.spec).filter((other) => !isReducer(other.pool));
    const rank = ranked.findIndex((other) => other.pool === seat.pool && other.index === seat.index);
    if (rank < 0)
        return [];
    return [
        { name: 'MASTER_ADDR', value: hostName('cmle-training-', job.clusterId, { pool: 0, index: 0 }) },
        { name: 'MASTER_PORT', value: String(MASTER_PORT) },
        { name: 'RANK', value: String(rank) },
        { name: 'WORLD_SIZE', value: String(ranked.length) },
    ];
}
/** The output folder with the slash that the service adds; a trial's own job names the trial's folder. */
function outputFolder(spec) {
    const base = spec.baseOutputDirectory?.outputUriPrefix;
    return base === undefined || base.endsWith('/') ? base : `${base}/`;
}
/** AIP_MODEL_DIR of a job; undefined where it names no output folder. */
function modelDir(spec) {
    const folder = outputFolder(spec);
    return folder === undefined ? undefined : `${folder}model/`;
}
function outputVariables(spec) {
    const folder = outputFolder(spec);
    if (folder === undefined)
        return [];
    return [
        { name: 'AIP_MODEL_DIR', value: `${folder}model/` },
        { name: 'AIP_CHECKPOINT_DIR', value: `${folder}checkpoints/` },
        { name: 'AIP_TENSORBOARD_LOG_DIR', value: `${folder}logs/` },
    ];
}
/** The ports that the SDK's profiler listens on; the service's are not documented: these are free to be chosen. */
const PROFILER_PORT = '6009';
const HANDLER_PORT = '6010';
/**
 * What the SDK's profiler (google.cloud.aiplatform.training_utils) reads of a job with a TensorBoard. When the service
 * sets the handler's port is not documented: here wherever something could be reached by it.
 */
function tensorboardVariables({ spec, region }) {
    const { tensorboard, enableDashboardAccess = false } = spec;
    const handler = { name: 'AIP_HTTP_HANDLER_PORT', value: HANDLER_PORT };
    if (tensorboard === undefined)
        return enableDashboardAccess ? [handler] : [];
    return [
        { name: 'AIP_TENSORBOARD_RESOURCE_NAME', value: tensorboard },
        { name: 'AIP_TENSORBOARD_API_URI', value: `${region}-aiplatform.googleapis.com` },
        { name: 'AIP_TF_PROFILER_PORT', value: PROFILER_PORT },
        handler,
    ];
}
/** The variables that the service itself sets in a replica's container. */
function serviceVariables(job, seat) {
    const isDistributed = seatsOf(job.spec).length > 1;
    const tuning = job.trialId === undefined
        ? []
        : [
            { name: 'CLOUD_ML_TRIAL_ID', value: job.trialId },
            { name: 'CLOUD_ML_HP_METRIC_FILE', value: METRIC_FILE },
        ];
    return [
        { name: 'CLOUD_ML_PROJECT_ID', value: job.projectNumber },
        { name: 'CLOUD_ML_JOB_ID', value: job.jobId },
        { name: 'CLOUD_ML_REGION', value: job.region },
        { name: 'CLUSTER_SPEC', value: clusterSpec(job, seat) },
        ...(isDistributed ? [{ name: 'TF_CONFIG', value: tfConfig(job, seat) }, ...torchVariables(job, seat)] : []),
        ...outputVariables(job.spec),
        ...tensorboardVariables(job),
        ...tuning,
    ];
}
/** `$(NAME)` replaced by the variable's value; an unknown one stays as written, `$$(NAME)` is a literal `$(NAME)`. */
function expand(text, variables) {
    return text.replace(/\$\$(\([A-Za-z_]\w*\))|\$\(([A-Za-z_]\w*)\)/g, (whole, literal, name) => {
        if (literal !== undefined)
            return `$${literal}`;
        return variables.get(name ?? '') ?? whole;
    });
}
/** Text that `expand` gives back unchanged. */
function escapeReferences(text) {
    return text.replace(/\$(?=\([A-Za-z_]\w*\))/g, '$$$$');
}
/** The container's whole environment: the service's variables, then the user's, each seeing those before it. */
function containerVariables(service, user) {
    const variables = new Map(service.map(({ name, value }) => [name, value]));
    for (const { name, value } of user)
        variables.set(name, expand(value ?? '', variables));
    return variables;
}

;// CONCATENATED MODULE: ./build/src/local/containers/pools/adopt.js



/** The engine is about to remove these, or could not. */
const GONE = new Set(['removing', 'dead']);
/**
 * Decides by what is left of the job's replicas. A job that waits for another attempt has no containers; one whose containers
 * were made and not all started had not begun.
 */
function continuation({ resource, decision }, replicas, { containers }) {
    if (decision !== undefined)
        return 'decided';
    const states = replicas.map((replica) => containers.get(replica)?.state ?? 'removing');
    if (states.every((state) => state !== 'created' && !GONE.has(state)))
        return 'adopt';
    const isWaiting = resource.state === 'JOB_STATE_PENDING' || resource.state === 'JOB_STATE_QUEUED';
    return resource.startTime === undefined || isWaiting ? 'anew' : 'gone';
}
/** The error of a job whose containers are gone: the code of errors that are not the program's, in words of our own. */
function goneError() {
    const message = 'Internal error occurred: containers of the job were removed while the local service was not running, so that it cannot be known how it went on.';
    return new MachineError({ code: RPC_CODES.INTERNAL.number, message });
}
/** Removes what is left of a job that does not go on with it. */
async function removeLeft({ engine }, { containers, network }) {
    for (const { id } of containers.values())
        await engine.remove(id);
    if (network !== undefined)
        await engine.removeNetwork(network.id);
}
/**
 * What an earlier process of the service left of the job: containers to go on with, the exit that had decided it, or nothing.
 * Throws `MachineError` where its containers are gone.
 */
async function takeUp(runtime, { job, record, signal }) {
    const left = runtime.left?.take(job.jobId);
    if (left === undefined)
        return undefined;
    const course = continuation(record, seatsOf(job.spec).map(replicaName), left);
    if (course === 'adopt')
        return left;
    if (course === 'decided') {
        // How it ended is known, whatever the engine says now: what it does not remove goes when the service ends.
        await removeLeft(runtime, left).catch(() => { });
        return record.decision;
    }
    await removeLeft(runtime, left);
    signal.throwIfAborted();
    if (course === 'gone')
        throw goneError();
    return undefined;
}

;// CONCATENATED MODULE: external "node:string_decoder"
const external_node_string_decoder_namespaceObject = require("node:string_decoder");
;// CONCATENATED MODULE: ./build/src/local/logging/frames.js

/** Takes apart the engine's multiplexed stream: eight bytes (stream, three zeros, length) before each piece. */
class FrameSplitter {
    #onFrame;
    #header = Buffer.alloc(0);
    #stream = 'stdout';
    #left = 0;
    constructor(onFrame) {
        this.#onFrame = onFrame;
    }
    push(chunk) {
        let rest = chunk;
        while (rest.length > 0)
            rest = this.#left > 0 ? this.#payload(rest) : this.#head(rest);
    }
    #payload(chunk) {
        const part = chunk.subarray(0, this.#left);
        this.#left -= part.length;
        this.#onFrame(this.#stream, part);
        return chunk.subarray(part.length);
    }
    #head(chunk) {
        const missing = 8 - this.#header.length;
        this.#header = Buffer.concat([this.#header, chunk.subarray(0, missing)]);
        if (this.#header.length === 8) {
            this.#stream = this.#header[0] === 2 ? 'stderr' : 'stdout';
            this.#left = this.#header.readUInt32BE(4);
            this.#header = Buffer.alloc(0);
        }
        return chunk.subarray(missing);
    }
}
/** Cloud Logging takes entries of about 256 KiB; a longer line is told in parts. */
const LONGEST_LINE = 250_000;
/** Puts the pieces of one output stream together into lines. */
class LineSplitter {
    #decoder = new external_node_string_decoder_namespaceObject.StringDecoder('utf8');
    #rest = '';
    push(chunk) {
        const lines = `${this.#rest}${this.#decoder.write(chunk)}`.split('\n');
        let rest = lines.pop() ?? '';
        while (rest.length > LONGEST_LINE) {
            lines.push(rest.slice(0, LONGEST_LINE));
            rest = rest.slice(LONGEST_LINE);
        }
        this.#rest = rest;
        return lines.map(withoutReturn);
    }
    /** What was written after the last line end. */
    end() {
        const rest = this.#rest + this.#decoder.end();
        this.#rest = '';
        return rest === '' ? [] : [withoutReturn(rest)];
    }
}
function withoutReturn(line) {
    return line.endsWith('\r') ? line.slice(0, -1) : line;
}

;// CONCATENATED MODULE: ./build/catalog/vertex-schema.json
const vertex_schema_namespaceObject = /*#__PURE__*/JSON.parse('{"vP":{"AcceleratorType":{"ACCELERATOR_TYPE_UNSPECIFIED":0,"NVIDIA_TESLA_K80":1,"NVIDIA_TESLA_P100":2,"NVIDIA_TESLA_V100":3,"NVIDIA_TESLA_P4":4,"NVIDIA_TESLA_T4":5,"NVIDIA_TESLA_A100":8,"NVIDIA_A100_80GB":9,"NVIDIA_L4":11,"NVIDIA_H100_80GB":13,"NVIDIA_H100_MEGA_80GB":14,"NVIDIA_H200_141GB":15,"NVIDIA_B200":16,"NVIDIA_GB200":17,"NVIDIA_RTX_PRO_6000":18,"TPU_V2":6,"TPU_V3":7,"TPU_V4_POD":10,"TPU_V5_LITEPOD":12},"Examples.ExampleGcsSource.DataFormat":{"DATA_FORMAT_UNSPECIFIED":0,"JSONL":1},"ExplanationMetadata.InputMetadata.Encoding":{"ENCODING_UNSPECIFIED":0,"IDENTITY":1,"BAG_OF_FEATURES":2,"BAG_OF_FEATURES_SPARSE":3,"INDICATOR":4,"COMBINED_EMBEDDING":5,"CONCAT_EMBEDDING":6},"ExplanationMetadata.InputMetadata.Visualization.ColorMap":{"COLOR_MAP_UNSPECIFIED":0,"PINK_GREEN":1,"VIRIDIS":2,"RED":3,"GREEN":4,"RED_GREEN":6,"PINK_WHITE_GREEN":5},"ExplanationMetadata.InputMetadata.Visualization.OverlayType":{"OVERLAY_TYPE_UNSPECIFIED":0,"NONE":1,"ORIGINAL":2,"GRAYSCALE":3,"MASK_BLACK":4},"ExplanationMetadata.InputMetadata.Visualization.Polarity":{"POLARITY_UNSPECIFIED":0,"POSITIVE":1,"NEGATIVE":2,"BOTH":3},"ExplanationMetadata.InputMetadata.Visualization.Type":{"TYPE_UNSPECIFIED":0,"PIXELS":1,"OUTLINES":2},"JobState":{"JOB_STATE_UNSPECIFIED":0,"JOB_STATE_QUEUED":1,"JOB_STATE_PENDING":2,"JOB_STATE_RUNNING":3,"JOB_STATE_SUCCEEDED":4,"JOB_STATE_FAILED":5,"JOB_STATE_CANCELLING":6,"JOB_STATE_CANCELLED":7,"JOB_STATE_PAUSED":8,"JOB_STATE_EXPIRED":9,"JOB_STATE_UPDATING":10,"JOB_STATE_PARTIALLY_SUCCEEDED":11},"Model.DeploymentResourcesType":{"DEPLOYMENT_RESOURCES_TYPE_UNSPECIFIED":0,"DEDICATED_RESOURCES":1,"AUTOMATIC_RESOURCES":2,"SHARED_RESOURCES":3},"Model.ExportFormat.ExportableContent":{"EXPORTABLE_CONTENT_UNSPECIFIED":0,"ARTIFACT":1,"IMAGE":2},"ModelSourceInfo.ModelSourceType":{"MODEL_SOURCE_TYPE_UNSPECIFIED":0,"AUTOML":1,"CUSTOM":2,"BQML":3,"MODEL_GARDEN":4,"GENIE":5,"CUSTOM_TEXT_EMBEDDING":6,"MARKETPLACE":7},"PipelineState":{"PIPELINE_STATE_UNSPECIFIED":0,"PIPELINE_STATE_QUEUED":1,"PIPELINE_STATE_PENDING":2,"PIPELINE_STATE_RUNNING":3,"PIPELINE_STATE_SUCCEEDED":4,"PIPELINE_STATE_FAILED":5,"PIPELINE_STATE_CANCELLING":6,"PIPELINE_STATE_CANCELLED":7,"PIPELINE_STATE_PAUSED":8},"Presets.Modality":{"MODALITY_UNSPECIFIED":0,"IMAGE":1,"TEXT":2,"TABULAR":3},"Presets.Query":{"PRECISE":0,"FAST":1},"ReservationAffinity.Type":{"TYPE_UNSPECIFIED":0,"NO_RESERVATION":1,"ANY_RESERVATION":2,"SPECIFIC_RESERVATION":3},"Scheduling.Strategy":{"STRATEGY_UNSPECIFIED":0,"ON_DEMAND":1,"LOW_COST":2,"STANDARD":3,"SPOT":4,"FLEX_START":6},"StudySpec.Algorithm":{"ALGORITHM_UNSPECIFIED":0,"GRID_SEARCH":2,"RANDOM_SEARCH":3},"StudySpec.MeasurementSelectionType":{"MEASUREMENT_SELECTION_TYPE_UNSPECIFIED":0,"LAST_MEASUREMENT":1,"BEST_MEASUREMENT":2},"StudySpec.MetricSpec.GoalType":{"GOAL_TYPE_UNSPECIFIED":0,"MAXIMIZE":1,"MINIMIZE":2},"StudySpec.ObservationNoise":{"OBSERVATION_NOISE_UNSPECIFIED":0,"LOW":1,"HIGH":2},"StudySpec.ParameterSpec.ScaleType":{"SCALE_TYPE_UNSPECIFIED":0,"UNIT_LINEAR_SCALE":1,"UNIT_LOG_SCALE":2,"UNIT_REVERSE_LOG_SCALE":3},"Trial.State":{"STATE_UNSPECIFIED":0,"REQUESTED":1,"ACTIVE":2,"STOPPING":3,"SUCCEEDED":4,"INFEASIBLE":5}},"DZ":{"BigQueryDestination":{"outputUri":{"type":"string","behavior":"REQUIRED"}},"BlurBaselineConfig":{"maxBlurSigma":{"type":"float"}},"Checkpoint":{"checkpointId":{"type":"string"},"epoch":{"type":"int64"},"step":{"type":"int64"}},"ContainerSpec":{"imageUri":{"type":"string","behavior":"REQUIRED"},"command":{"type":"string","repeated":true},"args":{"type":"string","repeated":true},"env":{"type":"EnvVar","repeated":true}},"CustomJob":{"name":{"type":"string","behavior":"OUTPUT_ONLY"},"displayName":{"type":"string","behavior":"REQUIRED"},"jobSpec":{"type":"CustomJobSpec","behavior":"REQUIRED"},"state":{"type":"JobState","behavior":"OUTPUT_ONLY"},"createTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"startTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"endTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"updateTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"error":{"type":"google.rpc.Status","behavior":"OUTPUT_ONLY"},"labels":{"type":"string","key":"string"},"encryptionSpec":{"type":"EncryptionSpec"},"webAccessUris":{"type":"string","key":"string","behavior":"OUTPUT_ONLY"},"satisfiesPzs":{"type":"bool","behavior":"OUTPUT_ONLY"},"satisfiesPzi":{"type":"bool","behavior":"OUTPUT_ONLY"}},"CustomJobSpec":{"persistentResourceId":{"type":"string"},"workerPoolSpecs":{"type":"WorkerPoolSpec","repeated":true,"behavior":"REQUIRED"},"scheduling":{"type":"Scheduling"},"serviceAccount":{"type":"string"},"network":{"type":"string"},"reservedIpRanges":{"type":"string","repeated":true},"pscInterfaceConfig":{"type":"PscInterfaceConfig"},"baseOutputDirectory":{"type":"GcsDestination"},"protectedArtifactLocationId":{"type":"string"},"tensorboard":{"type":"string"},"enableWebAccess":{"type":"bool"},"enableDashboardAccess":{"type":"bool"},"experiment":{"type":"string"},"experimentRun":{"type":"string"},"models":{"type":"string","repeated":true}},"DeployedModelRef":{"endpoint":{"type":"string","behavior":"IMMUTABLE"},"deployedModelId":{"type":"string","behavior":"IMMUTABLE"}},"DiskSpec":{"bootDiskType":{"type":"string"},"bootDiskSizeGb":{"type":"int32"}},"DnsPeeringConfig":{"domain":{"type":"string","behavior":"REQUIRED"},"targetProject":{"type":"string","behavior":"REQUIRED"},"targetNetwork":{"type":"string","behavior":"REQUIRED"}},"EncryptionSpec":{"kmsKeyName":{"type":"string","behavior":"REQUIRED"}},"EnvVar":{"name":{"type":"string","behavior":"REQUIRED"},"value":{"type":"string","behavior":"REQUIRED"}},"Examples":{"exampleGcsSource":{"type":"Examples.ExampleGcsSource","oneof":"source"},"nearestNeighborSearchConfig":{"type":"google.protobuf.Value","oneof":"config"},"presets":{"type":"Presets","oneof":"config"},"neighborCount":{"type":"int32"}},"Examples.ExampleGcsSource":{"dataFormat":{"type":"Examples.ExampleGcsSource.DataFormat"},"gcsSource":{"type":"GcsSource"}},"ExplanationMetadata":{"inputs":{"type":"ExplanationMetadata.InputMetadata","key":"string","behavior":"REQUIRED"},"outputs":{"type":"ExplanationMetadata.OutputMetadata","key":"string","behavior":"REQUIRED"},"featureAttributionsSchemaUri":{"type":"string"},"latentSpaceSource":{"type":"string"}},"ExplanationMetadata.InputMetadata":{"inputBaselines":{"type":"google.protobuf.Value","repeated":true},"inputTensorName":{"type":"string"},"encoding":{"type":"ExplanationMetadata.InputMetadata.Encoding"},"modality":{"type":"string"},"featureValueDomain":{"type":"ExplanationMetadata.InputMetadata.FeatureValueDomain"},"indicesTensorName":{"type":"string"},"denseShapeTensorName":{"type":"string"},"indexFeatureMapping":{"type":"string","repeated":true},"encodedTensorName":{"type":"string"},"encodedBaselines":{"type":"google.protobuf.Value","repeated":true},"visualization":{"type":"ExplanationMetadata.InputMetadata.Visualization"},"groupName":{"type":"string"}},"ExplanationMetadata.InputMetadata.FeatureValueDomain":{"minValue":{"type":"float"},"maxValue":{"type":"float"},"originalMean":{"type":"float"},"originalStddev":{"type":"float"}},"ExplanationMetadata.InputMetadata.Visualization":{"type":{"type":"ExplanationMetadata.InputMetadata.Visualization.Type"},"polarity":{"type":"ExplanationMetadata.InputMetadata.Visualization.Polarity"},"colorMap":{"type":"ExplanationMetadata.InputMetadata.Visualization.ColorMap"},"clipPercentUpperbound":{"type":"float"},"clipPercentLowerbound":{"type":"float"},"overlayType":{"type":"ExplanationMetadata.InputMetadata.Visualization.OverlayType"}},"ExplanationMetadata.OutputMetadata":{"indexDisplayNameMapping":{"type":"google.protobuf.Value","oneof":"displayNameMapping"},"displayNameMappingKey":{"type":"string","oneof":"displayNameMapping"},"outputTensorName":{"type":"string"}},"ExplanationParameters":{"sampledShapleyAttribution":{"type":"SampledShapleyAttribution","oneof":"method"},"integratedGradientsAttribution":{"type":"IntegratedGradientsAttribution","oneof":"method"},"xraiAttribution":{"type":"XraiAttribution","oneof":"method"},"examples":{"type":"Examples","oneof":"method"},"topK":{"type":"int32"},"outputIndices":{"type":"google.protobuf.ListValue"}},"ExplanationSpec":{"parameters":{"type":"ExplanationParameters","behavior":"REQUIRED"},"metadata":{"type":"ExplanationMetadata"}},"FeatureNoiseSigma":{"noiseSigma":{"type":"FeatureNoiseSigma.NoiseSigmaForFeature","repeated":true}},"FeatureNoiseSigma.NoiseSigmaForFeature":{"name":{"type":"string"},"sigma":{"type":"float"}},"FilterSplit":{"trainingFilter":{"type":"string","behavior":"REQUIRED"},"validationFilter":{"type":"string","behavior":"REQUIRED"},"testFilter":{"type":"string","behavior":"REQUIRED"}},"FractionSplit":{"trainingFraction":{"type":"double"},"validationFraction":{"type":"double"},"testFraction":{"type":"double"}},"GcsDestination":{"outputUriPrefix":{"type":"string","behavior":"REQUIRED"}},"GcsSource":{"uris":{"type":"string","repeated":true,"behavior":"REQUIRED"}},"GenieSource":{"baseModelUri":{"type":"string","behavior":"REQUIRED"}},"HyperparameterTuningJob":{"name":{"type":"string","behavior":"OUTPUT_ONLY"},"displayName":{"type":"string","behavior":"REQUIRED"},"studySpec":{"type":"StudySpec","behavior":"REQUIRED"},"maxTrialCount":{"type":"int32","behavior":"REQUIRED"},"parallelTrialCount":{"type":"int32","behavior":"REQUIRED"},"maxFailedTrialCount":{"type":"int32"},"trialJobSpec":{"type":"CustomJobSpec","behavior":"REQUIRED"},"trials":{"type":"Trial","repeated":true,"behavior":"OUTPUT_ONLY"},"state":{"type":"JobState","behavior":"OUTPUT_ONLY"},"createTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"startTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"endTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"updateTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"error":{"type":"google.rpc.Status","behavior":"OUTPUT_ONLY"},"labels":{"type":"string","key":"string"},"encryptionSpec":{"type":"EncryptionSpec"},"satisfiesPzs":{"type":"bool","behavior":"OUTPUT_ONLY"},"satisfiesPzi":{"type":"bool","behavior":"OUTPUT_ONLY"}},"InputDataConfig":{"fractionSplit":{"type":"FractionSplit","oneof":"split"},"filterSplit":{"type":"FilterSplit","oneof":"split"},"predefinedSplit":{"type":"PredefinedSplit","oneof":"split"},"timestampSplit":{"type":"TimestampSplit","oneof":"split"},"stratifiedSplit":{"type":"StratifiedSplit","oneof":"split"},"gcsDestination":{"type":"GcsDestination","oneof":"destination"},"bigqueryDestination":{"type":"BigQueryDestination","oneof":"destination"},"datasetId":{"type":"string","behavior":"REQUIRED"},"annotationsFilter":{"type":"string"},"annotationSchemaUri":{"type":"string"},"savedQueryId":{"type":"string"},"persistMlUseAssignment":{"type":"bool"}},"IntegratedGradientsAttribution":{"stepCount":{"type":"int32","behavior":"REQUIRED"},"smoothGradConfig":{"type":"SmoothGradConfig"},"blurBaselineConfig":{"type":"BlurBaselineConfig"}},"LustreMount":{"instanceIp":{"type":"string","behavior":"REQUIRED"},"volumeHandle":{"type":"string","behavior":"REQUIRED"},"filesystem":{"type":"string","behavior":"REQUIRED"},"mountPoint":{"type":"string","behavior":"REQUIRED"}},"MachineSpec":{"machineType":{"type":"string","behavior":"IMMUTABLE"},"acceleratorType":{"type":"AcceleratorType","behavior":"IMMUTABLE"},"acceleratorCount":{"type":"int32"},"gpuPartitionSize":{"type":"string"},"tpuTopology":{"type":"string","behavior":"IMMUTABLE"},"reservationAffinity":{"type":"ReservationAffinity"}},"Measurement":{"elapsedDuration":{"type":"google.protobuf.Duration","behavior":"OUTPUT_ONLY"},"stepCount":{"type":"int64","behavior":"OUTPUT_ONLY"},"metrics":{"type":"Measurement.Metric","repeated":true,"behavior":"OUTPUT_ONLY"}},"Measurement.Metric":{"metricId":{"type":"string","behavior":"OUTPUT_ONLY"},"value":{"type":"double","behavior":"OUTPUT_ONLY"}},"Model":{"name":{"type":"string"},"versionId":{"type":"string","behavior":"OUTPUT_ONLY"},"versionAliases":{"type":"string","repeated":true},"versionCreateTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"versionUpdateTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"displayName":{"type":"string","behavior":"REQUIRED"},"description":{"type":"string"},"versionDescription":{"type":"string"},"defaultCheckpointId":{"type":"string"},"predictSchemata":{"type":"PredictSchemata"},"metadataSchemaUri":{"type":"string","behavior":"IMMUTABLE"},"metadata":{"type":"google.protobuf.Value","behavior":"IMMUTABLE"},"supportedExportFormats":{"type":"Model.ExportFormat","repeated":true,"behavior":"OUTPUT_ONLY"},"trainingPipeline":{"type":"string","behavior":"OUTPUT_ONLY"},"pipelineJob":{"type":"string"},"containerSpec":{"type":"ModelContainerSpec","behavior":"INPUT_ONLY"},"artifactUri":{"type":"string","behavior":"IMMUTABLE"},"supportedDeploymentResourcesTypes":{"type":"Model.DeploymentResourcesType","repeated":true,"behavior":"OUTPUT_ONLY"},"supportedInputStorageFormats":{"type":"string","repeated":true,"behavior":"OUTPUT_ONLY"},"supportedOutputStorageFormats":{"type":"string","repeated":true,"behavior":"OUTPUT_ONLY"},"createTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"updateTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"deployedModels":{"type":"DeployedModelRef","repeated":true,"behavior":"OUTPUT_ONLY"},"explanationSpec":{"type":"ExplanationSpec"},"etag":{"type":"string"},"labels":{"type":"string","key":"string"},"dataStats":{"type":"Model.DataStats"},"encryptionSpec":{"type":"EncryptionSpec"},"modelSourceInfo":{"type":"ModelSourceInfo","behavior":"OUTPUT_ONLY"},"originalModelInfo":{"type":"Model.OriginalModelInfo","behavior":"OUTPUT_ONLY"},"metadataArtifact":{"type":"string","behavior":"OUTPUT_ONLY"},"baseModelSource":{"type":"Model.BaseModelSource"},"satisfiesPzs":{"type":"bool","behavior":"OUTPUT_ONLY"},"satisfiesPzi":{"type":"bool","behavior":"OUTPUT_ONLY"},"checkpoints":{"type":"Checkpoint","repeated":true}},"Model.BaseModelSource":{"modelGardenSource":{"type":"ModelGardenSource","oneof":"source"},"genieSource":{"type":"GenieSource","oneof":"source"}},"Model.DataStats":{"trainingDataItemsCount":{"type":"int64"},"validationDataItemsCount":{"type":"int64"},"testDataItemsCount":{"type":"int64"},"trainingAnnotationsCount":{"type":"int64"},"validationAnnotationsCount":{"type":"int64"},"testAnnotationsCount":{"type":"int64"}},"Model.ExportFormat":{"id":{"type":"string","behavior":"OUTPUT_ONLY"},"exportableContents":{"type":"Model.ExportFormat.ExportableContent","repeated":true,"behavior":"OUTPUT_ONLY"}},"Model.OriginalModelInfo":{"model":{"type":"string","behavior":"OUTPUT_ONLY"}},"ModelContainerSpec":{"imageUri":{"type":"string","behavior":"IMMUTABLE"},"command":{"type":"string","repeated":true,"behavior":"IMMUTABLE"},"args":{"type":"string","repeated":true,"behavior":"IMMUTABLE"},"env":{"type":"EnvVar","repeated":true,"behavior":"IMMUTABLE"},"ports":{"type":"Port","repeated":true,"behavior":"IMMUTABLE"},"predictRoute":{"type":"string","behavior":"IMMUTABLE"},"healthRoute":{"type":"string","behavior":"IMMUTABLE"},"invokeRoutePrefix":{"type":"string","behavior":"IMMUTABLE"},"grpcPorts":{"type":"Port","repeated":true,"behavior":"IMMUTABLE"},"deploymentTimeout":{"type":"google.protobuf.Duration","behavior":"IMMUTABLE"},"sharedMemorySizeMb":{"type":"int64","behavior":"IMMUTABLE"},"startupProbe":{"type":"Probe","behavior":"IMMUTABLE"},"healthProbe":{"type":"Probe","behavior":"IMMUTABLE"},"livenessProbe":{"type":"Probe","behavior":"IMMUTABLE"}},"ModelGardenSource":{"publicModelName":{"type":"string","behavior":"REQUIRED"},"versionId":{"type":"string"},"skipHfModelCache":{"type":"bool"}},"ModelSourceInfo":{"sourceType":{"type":"ModelSourceInfo.ModelSourceType"},"copy":{"type":"bool"}},"NfsMount":{"server":{"type":"string","behavior":"REQUIRED"},"path":{"type":"string","behavior":"REQUIRED"},"mountPoint":{"type":"string","behavior":"REQUIRED"}},"Port":{"containerPort":{"type":"int32"}},"PredefinedSplit":{"key":{"type":"string","behavior":"REQUIRED"}},"PredictSchemata":{"instanceSchemaUri":{"type":"string","behavior":"IMMUTABLE"},"parametersSchemaUri":{"type":"string","behavior":"IMMUTABLE"},"predictionSchemaUri":{"type":"string","behavior":"IMMUTABLE"}},"Presets":{"query":{"type":"Presets.Query"},"modality":{"type":"Presets.Modality"}},"Probe":{"exec":{"type":"Probe.ExecAction","oneof":"probeType"},"httpGet":{"type":"Probe.HttpGetAction","oneof":"probeType"},"grpc":{"type":"Probe.GrpcAction","oneof":"probeType"},"tcpSocket":{"type":"Probe.TcpSocketAction","oneof":"probeType"},"periodSeconds":{"type":"int32"},"timeoutSeconds":{"type":"int32"},"failureThreshold":{"type":"int32"},"successThreshold":{"type":"int32"},"initialDelaySeconds":{"type":"int32"}},"Probe.ExecAction":{"command":{"type":"string","repeated":true}},"Probe.GrpcAction":{"port":{"type":"int32"},"service":{"type":"string"}},"Probe.HttpGetAction":{"path":{"type":"string"},"port":{"type":"int32"},"host":{"type":"string"},"scheme":{"type":"string"},"httpHeaders":{"type":"Probe.HttpHeader","repeated":true}},"Probe.HttpHeader":{"name":{"type":"string"},"value":{"type":"string"}},"Probe.TcpSocketAction":{"port":{"type":"int32"},"host":{"type":"string"}},"PscInterfaceConfig":{"networkAttachment":{"type":"string"},"dnsPeeringConfigs":{"type":"DnsPeeringConfig","repeated":true}},"PythonPackageSpec":{"executorImageUri":{"type":"string","behavior":"REQUIRED"},"packageUris":{"type":"string","repeated":true,"behavior":"REQUIRED"},"pythonModule":{"type":"string","behavior":"REQUIRED"},"args":{"type":"string","repeated":true},"env":{"type":"EnvVar","repeated":true}},"ReservationAffinity":{"reservationAffinityType":{"type":"ReservationAffinity.Type","behavior":"REQUIRED"},"key":{"type":"string"},"values":{"type":"string","repeated":true}},"SampledShapleyAttribution":{"pathCount":{"type":"int32","behavior":"REQUIRED"}},"Scheduling":{"timeout":{"type":"google.protobuf.Duration"},"restartJobOnWorkerRestart":{"type":"bool"},"strategy":{"type":"Scheduling.Strategy"},"disableRetries":{"type":"bool"},"maxWaitDuration":{"type":"google.protobuf.Duration"}},"SmoothGradConfig":{"noiseSigma":{"type":"float","oneof":"GradientNoiseSigma"},"featureNoiseSigma":{"type":"FeatureNoiseSigma","oneof":"GradientNoiseSigma"},"noisySampleCount":{"type":"int32"}},"StratifiedSplit":{"trainingFraction":{"type":"double"},"validationFraction":{"type":"double"},"testFraction":{"type":"double"},"key":{"type":"string","behavior":"REQUIRED"}},"StudySpec":{"decayCurveStoppingSpec":{"type":"StudySpec.DecayCurveAutomatedStoppingSpec","oneof":"automatedStoppingSpec"},"medianAutomatedStoppingSpec":{"type":"StudySpec.MedianAutomatedStoppingSpec","oneof":"automatedStoppingSpec"},"convexAutomatedStoppingSpec":{"type":"StudySpec.ConvexAutomatedStoppingSpec","oneof":"automatedStoppingSpec"},"metrics":{"type":"StudySpec.MetricSpec","repeated":true,"behavior":"REQUIRED"},"parameters":{"type":"StudySpec.ParameterSpec","repeated":true,"behavior":"REQUIRED"},"algorithm":{"type":"StudySpec.Algorithm"},"observationNoise":{"type":"StudySpec.ObservationNoise"},"measurementSelectionType":{"type":"StudySpec.MeasurementSelectionType"},"studyStoppingConfig":{"type":"StudySpec.StudyStoppingConfig"}},"StudySpec.ConvexAutomatedStoppingSpec":{"maxStepCount":{"type":"int64"},"minStepCount":{"type":"int64"},"minMeasurementCount":{"type":"int64"},"learningRateParameterName":{"type":"string"},"useElapsedDuration":{"type":"bool"},"updateAllStoppedTrials":{"type":"bool"}},"StudySpec.DecayCurveAutomatedStoppingSpec":{"useElapsedDuration":{"type":"bool"}},"StudySpec.MedianAutomatedStoppingSpec":{"useElapsedDuration":{"type":"bool"}},"StudySpec.MetricSpec":{"metricId":{"type":"string","behavior":"REQUIRED"},"goal":{"type":"StudySpec.MetricSpec.GoalType","behavior":"REQUIRED"},"safetyConfig":{"type":"StudySpec.MetricSpec.SafetyMetricConfig"}},"StudySpec.MetricSpec.SafetyMetricConfig":{"safetyThreshold":{"type":"double"},"desiredMinSafeTrialsFraction":{"type":"double"}},"StudySpec.ParameterSpec":{"doubleValueSpec":{"type":"StudySpec.ParameterSpec.DoubleValueSpec","oneof":"parameterValueSpec"},"integerValueSpec":{"type":"StudySpec.ParameterSpec.IntegerValueSpec","oneof":"parameterValueSpec"},"categoricalValueSpec":{"type":"StudySpec.ParameterSpec.CategoricalValueSpec","oneof":"parameterValueSpec"},"discreteValueSpec":{"type":"StudySpec.ParameterSpec.DiscreteValueSpec","oneof":"parameterValueSpec"},"parameterId":{"type":"string","behavior":"REQUIRED"},"scaleType":{"type":"StudySpec.ParameterSpec.ScaleType"},"conditionalParameterSpecs":{"type":"StudySpec.ParameterSpec.ConditionalParameterSpec","repeated":true}},"StudySpec.ParameterSpec.CategoricalValueSpec":{"values":{"type":"string","repeated":true,"behavior":"REQUIRED"},"defaultValue":{"type":"string"}},"StudySpec.ParameterSpec.ConditionalParameterSpec":{"parentDiscreteValues":{"type":"StudySpec.ParameterSpec.ConditionalParameterSpec.DiscreteValueCondition","oneof":"parentValueCondition"},"parentIntValues":{"type":"StudySpec.ParameterSpec.ConditionalParameterSpec.IntValueCondition","oneof":"parentValueCondition"},"parentCategoricalValues":{"type":"StudySpec.ParameterSpec.ConditionalParameterSpec.CategoricalValueCondition","oneof":"parentValueCondition"},"parameterSpec":{"type":"StudySpec.ParameterSpec","behavior":"REQUIRED"}},"StudySpec.ParameterSpec.ConditionalParameterSpec.CategoricalValueCondition":{"values":{"type":"string","repeated":true,"behavior":"REQUIRED"}},"StudySpec.ParameterSpec.ConditionalParameterSpec.DiscreteValueCondition":{"values":{"type":"double","repeated":true,"behavior":"REQUIRED"}},"StudySpec.ParameterSpec.ConditionalParameterSpec.IntValueCondition":{"values":{"type":"int64","repeated":true,"behavior":"REQUIRED"}},"StudySpec.ParameterSpec.DiscreteValueSpec":{"values":{"type":"double","repeated":true,"behavior":"REQUIRED"},"defaultValue":{"type":"double"}},"StudySpec.ParameterSpec.DoubleValueSpec":{"minValue":{"type":"double","behavior":"REQUIRED"},"maxValue":{"type":"double","behavior":"REQUIRED"},"defaultValue":{"type":"double"}},"StudySpec.ParameterSpec.IntegerValueSpec":{"minValue":{"type":"int64","behavior":"REQUIRED"},"maxValue":{"type":"int64","behavior":"REQUIRED"},"defaultValue":{"type":"int64"}},"StudySpec.StudyStoppingConfig":{"shouldStopAsap":{"type":"google.protobuf.BoolValue"},"minimumRuntimeConstraint":{"type":"StudyTimeConstraint"},"maximumRuntimeConstraint":{"type":"StudyTimeConstraint"},"minNumTrials":{"type":"google.protobuf.Int32Value"},"maxNumTrials":{"type":"google.protobuf.Int32Value"},"maxNumTrialsNoProgress":{"type":"google.protobuf.Int32Value"},"maxDurationNoProgress":{"type":"google.protobuf.Duration"}},"StudyTimeConstraint":{"maxDuration":{"type":"google.protobuf.Duration","oneof":"constraint"},"endTime":{"type":"google.protobuf.Timestamp","oneof":"constraint"}},"TimestampSplit":{"trainingFraction":{"type":"double"},"validationFraction":{"type":"double"},"testFraction":{"type":"double"},"key":{"type":"string","behavior":"REQUIRED"}},"TrainingPipeline":{"name":{"type":"string","behavior":"OUTPUT_ONLY"},"displayName":{"type":"string","behavior":"REQUIRED"},"inputDataConfig":{"type":"InputDataConfig"},"trainingTaskDefinition":{"type":"string","behavior":"REQUIRED"},"trainingTaskInputs":{"type":"google.protobuf.Value","behavior":"REQUIRED"},"trainingTaskMetadata":{"type":"google.protobuf.Value","behavior":"OUTPUT_ONLY"},"modelToUpload":{"type":"Model"},"modelId":{"type":"string"},"parentModel":{"type":"string"},"state":{"type":"PipelineState","behavior":"OUTPUT_ONLY"},"error":{"type":"google.rpc.Status","behavior":"OUTPUT_ONLY"},"createTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"startTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"endTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"updateTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"labels":{"type":"string","key":"string"},"encryptionSpec":{"type":"EncryptionSpec"}},"Trial":{"name":{"type":"string","behavior":"OUTPUT_ONLY"},"id":{"type":"string","behavior":"OUTPUT_ONLY"},"state":{"type":"Trial.State","behavior":"OUTPUT_ONLY"},"parameters":{"type":"Trial.Parameter","repeated":true,"behavior":"OUTPUT_ONLY"},"finalMeasurement":{"type":"Measurement","behavior":"OUTPUT_ONLY"},"measurements":{"type":"Measurement","repeated":true,"behavior":"OUTPUT_ONLY"},"startTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"endTime":{"type":"google.protobuf.Timestamp","behavior":"OUTPUT_ONLY"},"clientId":{"type":"string","behavior":"OUTPUT_ONLY"},"infeasibleReason":{"type":"string","behavior":"OUTPUT_ONLY"},"customJob":{"type":"string","behavior":"OUTPUT_ONLY"},"webAccessUris":{"type":"string","key":"string","behavior":"OUTPUT_ONLY"}},"Trial.Parameter":{"parameterId":{"type":"string","behavior":"OUTPUT_ONLY"},"value":{"type":"google.protobuf.Value","behavior":"OUTPUT_ONLY"}},"WorkerPoolSpec":{"containerSpec":{"type":"ContainerSpec","oneof":"task"},"pythonPackageSpec":{"type":"PythonPackageSpec","oneof":"task"},"machineSpec":{"type":"MachineSpec","behavior":"IMMUTABLE"},"replicaCount":{"type":"int64"},"nfsMounts":{"type":"NfsMount","repeated":true},"lustreMounts":{"type":"LustreMount","repeated":true},"diskSpec":{"type":"DiskSpec"}},"XraiAttribution":{"stepCount":{"type":"int32","behavior":"REQUIRED"},"smoothGradConfig":{"type":"SmoothGradConfig"},"blurBaselineConfig":{"type":"BlurBaselineConfig"}}}}');
;// CONCATENATED MODULE: ./build/src/vertex/schema.js

const MESSAGES = vertex_schema_namespaceObject.DZ;
const ENUMS = vertex_schema_namespaceObject.vP;
/** The fields of a message by their camelCase names; undefined where the type is none. */
const messageSchema = (type) => MESSAGES[type];
/** The values of an enum with their wire numbers; undefined where the type is none. */
const enumSchema = (type) => ENUMS[type];
/** The camelCase name that proto3 JSON takes for a snake_case one. */
const camelCase = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

;// CONCATENATED MODULE: ./build/src/local/api/timestamps.js
/** RFC 3339 as nanoseconds since the Unix epoch, or undefined when it is no such time. */
function nanosOf(text) {
    const found = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|z|[+-]\d{2}:\d{2})?)?$/.exec(text);
    if (found === null)
        return undefined;
    const [, day, time = '00:00:00', fraction = '', zone = 'Z'] = found;
    const ms = Date.parse(`${day}T${time}${zone.toUpperCase()}`);
    return Number.isNaN(ms) ? undefined : BigInt(ms) * 1000000n + BigInt(fraction.padEnd(9, '0'));
}
/** Milliseconds since the epoch as RFC 3339 in UTC. */
function timestampOf(ms) {
    return new Date(ms).toISOString();
}
/** The answer of `left <comparator> right` for values that have an order. */
function ordered(left, comparator, right) {
    switch (comparator) {
        case '=':
        case ':':
            return left === right;
        case '!=':
            return left !== right;
        case '<':
            return left < right;
        case '<=':
            return left <= right;
        case '>':
            return left > right;
        default:
            return left >= right;
    }
}

;// CONCATENATED MODULE: ./build/src/local/logging/compare.js



/** google.logging.type.LogSeverity, lowest first; each is worth a hundred times its index. */
const SEVERITIES = [
    'DEFAULT',
    'DEBUG',
    'INFO',
    'NOTICE',
    'WARNING',
    'ERROR',
    'CRITICAL',
    'ALERT',
    'EMERGENCY',
];
/** A severity's place, by its name or number; NaN for neither. */
function severityRank(text) {
    const index = SEVERITIES.indexOf(text.toUpperCase());
    return index < 0 ? Number(text.trim() === '' ? Number.NaN : text) / 100 : index;
}
/** The name of a field that a comparison is about, where it is no part of one. */
function wholeField({ path }) {
    return path.length === 1 ? camelCase(path[0] ?? '') : '';
}
/** What stands at `path` in an entry; field names are taken in both spellings, keys of maps as they are. */
function valueAt(entry, path) {
    let found = entry;
    for (const [index, part] of path.entries()) {
        if (!isRecord(found))
            return undefined;
        const name = index === 0 ? camelCase(part) : part;
        found = Object.hasOwn(found, name) ? found[name] : undefined;
    }
    return found;
}
/** Every text, number and truth value in a value, as text; an object's keys are not among them. */
function* scalarsIn(value) {
    if (Array.isArray(value))
        for (const each of value)
            yield* scalarsIn(each);
    else if (isRecord(value))
        yield* scalarsIn(Object.values(value));
    else if (value !== undefined && value !== null)
        yield String(value);
}
/** Whether a text stands anywhere in a value, in letters of either case. */
function contains(value, text) {
    const wanted = text.toLowerCase();
    for (const scalar of scalarsIn(value))
        if (scalar.toLowerCase().includes(wanted))
            return true;
    return false;
}
function scalarHolds(found, comparison) {
    const { comparator, value } = comparison;
    const number = Number(value);
    if (typeof found === 'number' && value.trim() !== '' && !Number.isNaN(number))
        return ordered(found, comparator, number);
    const text = typeof found === 'object' ? JSON.stringify(found) : String(found);
    // Pages go on after an insertId, whose letters are ordered as they are; other texts are compared without case.
    if (wholeField(comparison) === 'insertId')
        return ordered(text, comparator, value);
    return ordered(text.toLowerCase(), comparator, value.toLowerCase());
}
function valueHolds(found, comparison, pattern) {
    const { comparator, value } = comparison;
    const negates = comparator === '!=' || comparator === '!~';
    if (found === undefined || found === null)
        return negates;
    if (comparator === ':')
        return value === '*' || contains(found, value);
    if (pattern === undefined)
        return scalarHolds(found, comparison);
    return [...scalarsIn(found)].some((text) => pattern.test(text)) !== negates;
}
function timeHolds(found, { comparator, value }) {
    const left = nanosOf(String(found ?? ''));
    const right = nanosOf(value);
    return left !== undefined && right !== undefined && ordered(left, comparator, right);
}
/**
 * Whether an entry is as a comparison wants it; `pattern` is the expression of one with `=~` or `!~`. A field that an entry
 * has not is no other than anything.
 */
function holds(entry, comparison, pattern) {
    const found = valueAt(entry, comparison.path);
    const field = wholeField(comparison);
    if (pattern !== undefined)
        return valueHolds(found, comparison, pattern);
    if (field === 'timestamp' || field === 'receiveTimestamp')
        return timeHolds(found, comparison);
    if (field !== 'severity' || comparison.value === '*')
        return valueHolds(found, comparison, undefined);
    const { comparator, value } = comparison;
    return ordered(severityRank(String(found ?? 'DEFAULT')), comparator, severityRank(value));
}

;// CONCATENATED MODULE: ./build/src/local/logging/output-line.js


/** As deep as messages of protocol buffers go, which entries are; deeper JSON is taken for text. */
const DEEPEST = 100;
/** Whether more brackets are ever open than that, those within texts aside. */
function isTooDeep(line) {
    let depth = 0;
    // A text that does not end goes to the line's end: nothing is looked at twice.
    for (const [sign] of line.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/g)) {
        if (sign === '[' || sign === '{')
            depth += 1;
        else if (sign === ']' || sign === '}')
            depth -= 1;
        if (depth > DEEPEST)
            return true;
    }
    return false;
}
function jsonObject(line) {
    if (!line.startsWith('{') || !line.endsWith('}') || isTooDeep(line))
        return undefined;
    try {
        const value = JSON.parse(line);
        return isRecord(value) ? value : undefined;
    }
    catch {
        return undefined;
    }
}
/** The last second of the year 9999, which is as far as google.protobuf.Timestamp goes. */
const LAST_SECOND = 253_402_300_799;
/** A whole number from 0 to `most`, given as a number or as its digits. */
function wholeOf(value, most) {
    const number = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= most ? number : undefined;
}
function output_line_timestampOf(seconds, nanos) {
    const [whole, fraction] = [wholeOf(seconds, LAST_SECOND), wholeOf(nanos ?? 0, 999_999_999)];
    if (whole === undefined || fraction === undefined)
        return undefined;
    return `${new Date(whole * 1000).toISOString().slice(0, -'.000Z'.length)}.${String(fraction).padStart(9, '0')}Z`;
}
/**
 * The time that a program gives for its line, and the line without it: `timestampSeconds` and `timestampNanos`, or the same two
 * in an object. What is no such time stays in the line.
 */
function timed({ timestampSeconds, timestampNanos, ...rest }) {
    const inParts = output_line_timestampOf(timestampSeconds, timestampNanos);
    if (inParts !== undefined)
        return { timestamp: inParts, rest };
    const { timestamp, ...others } = rest;
    const inOne = isRecord(timestamp) ? output_line_timestampOf(timestamp['seconds'], timestamp['nanos']) : undefined;
    const untaken = {
        ...(timestampSeconds === undefined ? {} : { timestampSeconds }),
        ...(timestampNanos === undefined ? {} : { timestampNanos }),
    };
    if (inOne === undefined)
        return { rest: { ...rest, ...untaken } };
    return { timestamp: inOne, rest: { ...others, ...untaken } };
}
/**
 * A line of a container's output as a log entry. A JSON object becomes `jsonPayload` with its `severity` and its time lifted
 * out; its `message` stays inside, where gcloud looks for it. Everything else is text: INFO from stdout, ERROR from stderr.
 * https://cloud.google.com/vertex-ai/docs/training/code-requirements#logging
 */
function lineContent(line, stream) {
    const fallback = stream === 'stderr' ? 'ERROR' : 'INFO';
    const json = jsonObject(line.trim());
    if (json === undefined)
        return { severity: fallback, textPayload: line };
    const { timestamp, rest } = timed(json);
    const { severity, ...jsonPayload } = rest;
    const known = SEVERITIES.find((name) => typeof severity === 'string' && name === severity.toUpperCase());
    return { severity: known ?? fallback, jsonPayload, ...(timestamp === undefined ? {} : { timestamp }) };
}

;// CONCATENATED MODULE: ./build/src/local/containers/replica/output.js



const STREAMS = ['stdout', 'stderr'];
const fresh = () => ({ stdout: new LineSplitter(), stderr: new LineSplitter() });
/** What a container writes, on its way to the log: each line once, however often its output is read from the beginning. */
class Output {
    #runtime;
    #source;
    #container;
    #splitters = fresh();
    /** Lines that are in the log. */
    #told;
    /** Lines that were read since the beginning. */
    #read = { stdout: 0, stderr: 0 };
    constructor(runtime, source, container) {
        this.#runtime = runtime;
        this.#source = source;
        this.#container = container.slice(0, 12);
        this.#told = { ...runtime.logs.toldOf(this.#container) };
    }
    /** What comes next is the output from its beginning. */
    rewind() {
        this.#splitters = fresh();
        this.#read = { stdout: 0, stderr: 0 };
    }
    take = (stream, chunk) => this.#tell(stream, this.#splitters[stream].push(chunk));
    /** The output has ended: what was written after the last line end is a line too. */
    end = () => {
        for (const stream of STREAMS)
            this.#tell(stream, this.#splitters[stream].end());
    };
    #tell(stream, lines) {
        const known = Math.max(0, this.#told[stream] - this.#read[stream]);
        this.#read[stream] += lines.length;
        const unknown = lines.slice(known);
        this.#told[stream] += unknown.length;
        const contents = unknown.map((line) => lineContent(line, stream));
        this.#runtime.logs.append(this.#source, contents, { container: this.#container, stream });
    }
}
/** Before the engine is asked again for output that it did not give to its end. */
const AGAIN_MS = 200;
/** Reads once what the engine has kept of a container's output, and goes on while it runs; false where it is to be read again. */
async function readOnce({ engine }, container, output, signal) {
    try {
        const hasEnded = await engine.hasEnded(container);
        output.rewind();
        await engine.logs(container, !hasEnded, output.take, signal);
        if (hasEnded)
            output.end();
        return hasEnded;
    }
    catch (error) {
        // What the engine refuses now it refuses always: the container is gone, or nothing of its output is kept.
        return signal.aborted || (error instanceof EngineError && error.status !== undefined);
    }
}
/** Reads the output of a container that an earlier process of the service started, to its end. */
async function readOn(runtime, container, output, signal) {
    while (!(await readOnce(runtime, container, output, signal))) {
        await runtime.clock.sleep(AGAIN_MS, signal).catch(() => { });
    }
}

;// CONCATENATED MODULE: ./build/src/local/storage/buckets.js
const BUCKET = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;
/** Whether `name` is a bucket name, and so safe as a folder name: it holds no slash and is neither `.` nor `..`. */
function isBucketName(name) {
    return BUCKET.test(name) && !name.includes('..');
}
/** The bucket of `gs://bucket/…`, or undefined when it is no such URI. */
function bucketOf(uri) {
    const name = /^gs:\/\/([^/]+)(?:\/|$)/.exec(uri)?.[1];
    return name !== undefined && isBucketName(name) ? name : undefined;
}
/** Every bucket that a text names as `gs://bucket` or `/gcs/bucket`. */
function bucketsIn(text) {
    const names = [...text.matchAll(/(?:gs:\/\/|\/gcs\/)([a-z0-9][a-z0-9._-]*)/g)].map((match) => match[1] ?? '');
    return [...new Set(names.filter(isBucketName))];
}

;// CONCATENATED MODULE: ./build/catalog/accelerator-regions.json
const accelerator_regions_namespaceObject = /*#__PURE__*/JSON.parse('{"ti":["africa-south1","asia-east1","asia-east2","asia-northeast1","asia-northeast2","asia-northeast3","asia-south1","asia-southeast1","asia-southeast2","australia-southeast1","australia-southeast2","europe-central2","europe-north1","europe-southwest1","europe-west1","europe-west12","europe-west2","europe-west3","europe-west4","europe-west6","europe-west8","europe-west9","me-central1","me-central2","me-west1","northamerica-northeast1","northamerica-northeast2","southamerica-east1","southamerica-west1","us-central1","us-east1","us-east4","us-east5","us-south1","us-west1","us-west2","us-west3","us-west4"]}');
;// CONCATENATED MODULE: ./build/catalog/machines.json
const machines_namespaceObject = /*#__PURE__*/JSON.parse('{"a4x-highgpu-4g":{"vcpus":140,"memoryGiB":884,"accelerators":{"NVIDIA_GB200":[4]},"acceleratorRequired":true,"family":"a4x","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a4-highgpu-8g":{"vcpus":224,"memoryGiB":3968,"accelerators":{"NVIDIA_B200":[8]},"acceleratorRequired":true,"family":"a4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a3-ultragpu-8g":{"vcpus":224,"memoryGiB":2952,"accelerators":{"NVIDIA_H200_141GB":[8]},"acceleratorRequired":true,"family":"a3","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a3-megagpu-8g":{"vcpus":208,"memoryGiB":1872,"accelerators":{"NVIDIA_H100_MEGA_80GB":[8]},"acceleratorRequired":true,"family":"a3","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"a3-highgpu-1g":{"vcpus":26,"memoryGiB":234,"accelerators":{"NVIDIA_H100_80GB":[1]},"acceleratorRequired":true,"family":"a3","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a3-highgpu-2g":{"vcpus":52,"memoryGiB":468,"accelerators":{"NVIDIA_H100_80GB":[2]},"acceleratorRequired":true,"family":"a3","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a3-highgpu-4g":{"vcpus":104,"memoryGiB":936,"accelerators":{"NVIDIA_H100_80GB":[4]},"acceleratorRequired":true,"family":"a3","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a3-highgpu-8g":{"vcpus":208,"memoryGiB":1872,"accelerators":{"NVIDIA_H100_80GB":[8]},"acceleratorRequired":true,"family":"a3","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a2-ultragpu-1g":{"vcpus":12,"memoryGiB":170,"accelerators":{"NVIDIA_A100_80GB":[1]},"acceleratorRequired":true,"family":"a2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a2-ultragpu-2g":{"vcpus":24,"memoryGiB":340,"accelerators":{"NVIDIA_A100_80GB":[2]},"acceleratorRequired":true,"family":"a2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a2-ultragpu-4g":{"vcpus":48,"memoryGiB":680,"accelerators":{"NVIDIA_A100_80GB":[4]},"acceleratorRequired":true,"family":"a2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a2-ultragpu-8g":{"vcpus":96,"memoryGiB":1360,"accelerators":{"NVIDIA_A100_80GB":[8]},"acceleratorRequired":true,"family":"a2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a2-highgpu-1g":{"vcpus":12,"memoryGiB":85,"accelerators":{"NVIDIA_TESLA_A100":[1]},"acceleratorRequired":true,"family":"a2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a2-highgpu-2g":{"vcpus":24,"memoryGiB":170,"accelerators":{"NVIDIA_TESLA_A100":[2]},"acceleratorRequired":true,"family":"a2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a2-highgpu-4g":{"vcpus":48,"memoryGiB":340,"accelerators":{"NVIDIA_TESLA_A100":[4]},"acceleratorRequired":true,"family":"a2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a2-highgpu-8g":{"vcpus":96,"memoryGiB":680,"accelerators":{"NVIDIA_TESLA_A100":[8]},"acceleratorRequired":true,"family":"a2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"a2-megagpu-16g":{"vcpus":96,"memoryGiB":1360,"accelerators":{"NVIDIA_TESLA_A100":[16]},"acceleratorRequired":true,"family":"a2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"e2-standard-4":{"vcpus":4,"memoryGiB":16,"accelerators":{},"acceleratorRequired":false,"family":"e2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"e2-standard-8":{"vcpus":8,"memoryGiB":32,"accelerators":{},"acceleratorRequired":false,"family":"e2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"e2-standard-16":{"vcpus":16,"memoryGiB":64,"accelerators":{},"acceleratorRequired":false,"family":"e2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"e2-standard-32":{"vcpus":32,"memoryGiB":128,"accelerators":{},"acceleratorRequired":false,"family":"e2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"e2-highmem-2":{"vcpus":2,"memoryGiB":16,"accelerators":{},"acceleratorRequired":false,"family":"e2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"e2-highmem-4":{"vcpus":4,"memoryGiB":32,"accelerators":{},"acceleratorRequired":false,"family":"e2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"e2-highmem-8":{"vcpus":8,"memoryGiB":64,"accelerators":{},"acceleratorRequired":false,"family":"e2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"e2-highmem-16":{"vcpus":16,"memoryGiB":128,"accelerators":{},"acceleratorRequired":false,"family":"e2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"e2-highcpu-16":{"vcpus":16,"memoryGiB":16,"accelerators":{},"acceleratorRequired":false,"family":"e2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"e2-highcpu-32":{"vcpus":32,"memoryGiB":32,"accelerators":{},"acceleratorRequired":false,"family":"e2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n4-standard-2":{"vcpus":2,"memoryGiB":8,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-standard-4":{"vcpus":4,"memoryGiB":16,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-standard-8":{"vcpus":8,"memoryGiB":32,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-standard-16":{"vcpus":16,"memoryGiB":64,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-standard-32":{"vcpus":32,"memoryGiB":128,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-standard-48":{"vcpus":48,"memoryGiB":192,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-standard-64":{"vcpus":64,"memoryGiB":256,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-standard-80":{"vcpus":80,"memoryGiB":320,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highmem-2":{"vcpus":2,"memoryGiB":16,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highmem-4":{"vcpus":4,"memoryGiB":32,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highmem-8":{"vcpus":8,"memoryGiB":64,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highmem-16":{"vcpus":16,"memoryGiB":128,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highmem-32":{"vcpus":32,"memoryGiB":256,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highmem-48":{"vcpus":48,"memoryGiB":384,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highmem-64":{"vcpus":64,"memoryGiB":512,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highmem-80":{"vcpus":80,"memoryGiB":640,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highcpu-2":{"vcpus":2,"memoryGiB":4,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highcpu-4":{"vcpus":4,"memoryGiB":8,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highcpu-8":{"vcpus":8,"memoryGiB":16,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highcpu-16":{"vcpus":16,"memoryGiB":32,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highcpu-32":{"vcpus":32,"memoryGiB":64,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highcpu-48":{"vcpus":48,"memoryGiB":96,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highcpu-64":{"vcpus":64,"memoryGiB":128,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n4-highcpu-80":{"vcpus":80,"memoryGiB":160,"accelerators":{},"acceleratorRequired":false,"family":"n4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n2-standard-4":{"vcpus":4,"memoryGiB":16,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-standard-8":{"vcpus":8,"memoryGiB":32,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-standard-16":{"vcpus":16,"memoryGiB":64,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-standard-32":{"vcpus":32,"memoryGiB":128,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-standard-48":{"vcpus":48,"memoryGiB":192,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-standard-64":{"vcpus":64,"memoryGiB":256,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-standard-80":{"vcpus":80,"memoryGiB":320,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-highmem-2":{"vcpus":2,"memoryGiB":16,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-highmem-4":{"vcpus":4,"memoryGiB":32,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-highmem-8":{"vcpus":8,"memoryGiB":64,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-highmem-16":{"vcpus":16,"memoryGiB":128,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-highmem-32":{"vcpus":32,"memoryGiB":256,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-highmem-48":{"vcpus":48,"memoryGiB":384,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-highmem-64":{"vcpus":64,"memoryGiB":512,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-highmem-80":{"vcpus":80,"memoryGiB":640,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-highcpu-16":{"vcpus":16,"memoryGiB":16,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-highcpu-32":{"vcpus":32,"memoryGiB":32,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-highcpu-48":{"vcpus":48,"memoryGiB":48,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-highcpu-64":{"vcpus":64,"memoryGiB":64,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n2-highcpu-80":{"vcpus":80,"memoryGiB":80,"accelerators":{},"acceleratorRequired":false,"family":"n2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n1-standard-4":{"vcpus":4,"memoryGiB":15,"accelerators":{"NVIDIA_TESLA_P4":[1,2,4],"NVIDIA_TESLA_P100":[1,2,4],"NVIDIA_TESLA_T4":[1,2,4],"NVIDIA_TESLA_V100":[1,2,4,8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n1-standard-8":{"vcpus":8,"memoryGiB":30,"accelerators":{"NVIDIA_TESLA_P4":[1,2,4],"NVIDIA_TESLA_P100":[1,2,4],"NVIDIA_TESLA_T4":[1,2,4],"NVIDIA_TESLA_V100":[1,2,4,8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n1-standard-16":{"vcpus":16,"memoryGiB":60,"accelerators":{"NVIDIA_TESLA_P4":[1,2,4],"NVIDIA_TESLA_P100":[1,2,4],"NVIDIA_TESLA_T4":[1,2,4],"NVIDIA_TESLA_V100":[2,4,8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n1-standard-32":{"vcpus":32,"memoryGiB":120,"accelerators":{"NVIDIA_TESLA_P4":[2,4],"NVIDIA_TESLA_P100":[2,4],"NVIDIA_TESLA_T4":[2,4],"NVIDIA_TESLA_V100":[4,8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n1-standard-64":{"vcpus":64,"memoryGiB":240,"accelerators":{"NVIDIA_TESLA_P4":[4],"NVIDIA_TESLA_T4":[4],"NVIDIA_TESLA_V100":[8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)","note":"page shows three values without column marks; assigned to P4, T4, V100 because P100x4 is capped at 64 vCPU/208 GB on the same page"},"n1-standard-96":{"vcpus":96,"memoryGiB":360,"accelerators":{"NVIDIA_TESLA_P4":[4],"NVIDIA_TESLA_T4":[4],"NVIDIA_TESLA_V100":[8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)","note":"page shows three values without column marks; assigned to P4, T4, V100 because P100x4 is capped at 64 vCPU/208 GB on the same page"},"n1-highmem-2":{"vcpus":2,"memoryGiB":13,"accelerators":{"NVIDIA_TESLA_P4":[1,2,4],"NVIDIA_TESLA_P100":[1,2,4],"NVIDIA_TESLA_T4":[1,2,4],"NVIDIA_TESLA_V100":[1,2,4,8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n1-highmem-4":{"vcpus":4,"memoryGiB":26,"accelerators":{"NVIDIA_TESLA_P4":[1,2,4],"NVIDIA_TESLA_P100":[1,2,4],"NVIDIA_TESLA_T4":[1,2,4],"NVIDIA_TESLA_V100":[1,2,4,8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n1-highmem-8":{"vcpus":8,"memoryGiB":52,"accelerators":{"NVIDIA_TESLA_P4":[1,2,4],"NVIDIA_TESLA_P100":[1,2,4],"NVIDIA_TESLA_T4":[1,2,4],"NVIDIA_TESLA_V100":[1,2,4,8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n1-highmem-16":{"vcpus":16,"memoryGiB":104,"accelerators":{"NVIDIA_TESLA_P4":[1,2,4],"NVIDIA_TESLA_P100":[1,2,4],"NVIDIA_TESLA_T4":[1,2,4],"NVIDIA_TESLA_V100":[2,4,8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n1-highmem-32":{"vcpus":32,"memoryGiB":208,"accelerators":{"NVIDIA_TESLA_P4":[2,4],"NVIDIA_TESLA_P100":[2,4],"NVIDIA_TESLA_T4":[2,4],"NVIDIA_TESLA_V100":[4,8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n1-highmem-64":{"vcpus":64,"memoryGiB":416,"accelerators":{"NVIDIA_TESLA_P4":[4],"NVIDIA_TESLA_T4":[4],"NVIDIA_TESLA_V100":[8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)","note":"page shows three values without column marks; assigned to P4, T4, V100 because P100x4 is capped at 64 vCPU/208 GB on the same page"},"n1-highmem-96":{"vcpus":96,"memoryGiB":624,"accelerators":{"NVIDIA_TESLA_P4":[4],"NVIDIA_TESLA_T4":[4],"NVIDIA_TESLA_V100":[8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)","note":"page shows three values without column marks; assigned to P4, T4, V100 because P100x4 is capped at 64 vCPU/208 GB on the same page"},"n1-highcpu-16":{"vcpus":16,"memoryGiB":14.4,"accelerators":{"NVIDIA_TESLA_P4":[1,2,4],"NVIDIA_TESLA_P100":[1,2,4],"NVIDIA_TESLA_T4":[1,2,4],"NVIDIA_TESLA_V100":[2,4,8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n1-highcpu-32":{"vcpus":32,"memoryGiB":28.8,"accelerators":{"NVIDIA_TESLA_P4":[2,4],"NVIDIA_TESLA_P100":[2,4],"NVIDIA_TESLA_T4":[2,4],"NVIDIA_TESLA_V100":[4,8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"n1-highcpu-64":{"vcpus":64,"memoryGiB":57.6,"accelerators":{"NVIDIA_TESLA_P4":[4],"NVIDIA_TESLA_P100":[4],"NVIDIA_TESLA_T4":[4],"NVIDIA_TESLA_V100":[8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"n1-highcpu-96":{"vcpus":96,"memoryGiB":86.4,"accelerators":{"NVIDIA_TESLA_P4":[4],"NVIDIA_TESLA_T4":[4],"NVIDIA_TESLA_V100":[8]},"acceleratorRequired":false,"family":"n1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)","note":"page shows three values without column marks; assigned to P4, T4, V100 because P100x4 is capped at 64 vCPU/208 GB on the same page"},"c2-standard-4":{"vcpus":4,"memoryGiB":16,"accelerators":{},"acceleratorRequired":false,"family":"c2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"c2-standard-8":{"vcpus":8,"memoryGiB":32,"accelerators":{},"acceleratorRequired":false,"family":"c2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"c2-standard-16":{"vcpus":16,"memoryGiB":64,"accelerators":{},"acceleratorRequired":false,"family":"c2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"c2-standard-30":{"vcpus":30,"memoryGiB":120,"accelerators":{},"acceleratorRequired":false,"family":"c2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"c2-standard-60":{"vcpus":60,"memoryGiB":240,"accelerators":{},"acceleratorRequired":false,"family":"c2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"cloud-tpu":{"vcpus":null,"memoryGiB":null,"accelerators":{"TPU_V2":[8],"TPU_V3":[8]},"acceleratorRequired":true,"family":"cloud-tpu","note":"TPU v2/v3. Count 8 = single TPU; pods: multiples of 32 for TPU_V2, 32 or more for TPU_V3. vCPU/memory unknown.","source":"https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute#tpus"},"ct5lp-hightpu-1t":{"vcpus":24,"memoryGiB":48,"accelerators":{},"acceleratorRequired":true,"family":"ct5lp","tpuTopologies":{"1x1":{"chips":1,"vms":1}},"source":"https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute#tpus"},"ct5lp-hightpu-4t":{"vcpus":112,"memoryGiB":192,"accelerators":{},"acceleratorRequired":true,"family":"ct5lp","tpuTopologies":{"2x2":{"chips":4,"vms":1},"2x4":{"chips":8,"vms":2},"4x4":{"chips":16,"vms":4},"4x8":{"chips":32,"vms":8},"8x8":{"chips":64,"vms":16},"8x16":{"chips":128,"vms":32},"16x16":{"chips":256,"vms":64}},"source":"https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute#tpus"},"ct5lp-hightpu-8t":{"vcpus":224,"memoryGiB":384,"accelerators":{},"acceleratorRequired":true,"family":"ct5lp","tpuTopologies":{"2x4":{"chips":8,"vms":1}},"source":"https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute#tpus"},"ct6e-standard-1t":{"vcpus":44,"memoryGiB":48,"accelerators":{},"acceleratorRequired":true,"family":"ct6e","tpuTopologies":{"1x1":{"chips":1,"vms":1}},"source":"https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute#tpus"},"ct6e-standard-4t":{"vcpus":180,"memoryGiB":720,"accelerators":{},"acceleratorRequired":true,"family":"ct6e","tpuTopologies":{"2x2":{"chips":4,"vms":1},"2x4":{"chips":8,"vms":2},"4x4":{"chips":16,"vms":4},"4x8":{"chips":32,"vms":8},"8x8":{"chips":64,"vms":16},"8x16":{"chips":128,"vms":32},"16x16":{"chips":256,"vms":64}},"source":"https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute#tpus"},"ct6e-standard-8t":{"vcpus":180,"memoryGiB":1440,"accelerators":{},"acceleratorRequired":true,"family":"ct6e","tpuTopologies":{"2x4":{"chips":8,"vms":1}},"source":"https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute#tpus"},"tpu7x-standard-4t":{"vcpus":null,"memoryGiB":null,"accelerators":{},"acceleratorRequired":true,"family":"tpu7x","tpuTopologies":{"2x2x1":{"chips":4,"vms":1},"2x2x2":{"chips":8,"vms":2},"2x2x4":{"chips":16,"vms":4},"2x4x4":{"chips":32,"vms":8},"4x4x4":{"chips":64,"vms":16},"4x4x8":{"chips":128,"vms":32},"4x8x8":{"chips":256,"vms":64},"8x8x8":{"chips":512,"vms":128},"8x8x16":{"chips":1024,"vms":256}},"source":"https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute#tpus","note":"vCPU and memory not stated on the page: unknown"},"m1-ultramem-40":{"vcpus":40,"memoryGiB":961,"accelerators":{},"acceleratorRequired":false,"family":"m1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"m1-ultramem-80":{"vcpus":80,"memoryGiB":1922,"accelerators":{},"acceleratorRequired":false,"family":"m1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"m1-ultramem-160":{"vcpus":160,"memoryGiB":3844,"accelerators":{},"acceleratorRequired":false,"family":"m1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"m1-megamem-96":{"vcpus":96,"memoryGiB":1433.6,"accelerators":{},"acceleratorRequired":false,"family":"m1","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator build/gcp.yml (commit dac3128, 2026-08-20)"},"g2-standard-4":{"vcpus":4,"memoryGiB":16,"accelerators":{"NVIDIA_L4":[1]},"acceleratorRequired":true,"family":"g2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"g2-standard-8":{"vcpus":8,"memoryGiB":32,"accelerators":{"NVIDIA_L4":[1]},"acceleratorRequired":true,"family":"g2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"g2-standard-12":{"vcpus":12,"memoryGiB":48,"accelerators":{"NVIDIA_L4":[1]},"acceleratorRequired":true,"family":"g2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"g2-standard-16":{"vcpus":16,"memoryGiB":64,"accelerators":{"NVIDIA_L4":[1]},"acceleratorRequired":true,"family":"g2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"g2-standard-24":{"vcpus":24,"memoryGiB":96,"accelerators":{"NVIDIA_L4":[2]},"acceleratorRequired":true,"family":"g2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"g2-standard-32":{"vcpus":32,"memoryGiB":128,"accelerators":{"NVIDIA_L4":[1]},"acceleratorRequired":true,"family":"g2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"g2-standard-48":{"vcpus":48,"memoryGiB":192,"accelerators":{"NVIDIA_L4":[4]},"acceleratorRequired":true,"family":"g2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"g2-standard-96":{"vcpus":96,"memoryGiB":384,"accelerators":{"NVIDIA_L4":[8]},"acceleratorRequired":true,"family":"g2","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"g4-standard-48":{"vcpus":48,"memoryGiB":180,"accelerators":{"NVIDIA_RTX_PRO_6000":[1]},"acceleratorRequired":true,"family":"g4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"g4-standard-96":{"vcpus":96,"memoryGiB":360,"accelerators":{"NVIDIA_RTX_PRO_6000":[2]},"acceleratorRequired":true,"family":"g4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"g4-standard-192":{"vcpus":192,"memoryGiB":720,"accelerators":{"NVIDIA_RTX_PRO_6000":[4]},"acceleratorRequired":true,"family":"g4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"},"g4-standard-384":{"vcpus":384,"memoryGiB":1440,"accelerators":{"NVIDIA_RTX_PRO_6000":[8]},"acceleratorRequired":true,"family":"g4","source":"type and GPU counts: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/training/configure-compute ; vCPU/memory: https://docs.cloud.google.com/gemini-enterprise-agent-platform/machine-learning/predictions/configure-compute"}}');
;// CONCATENATED MODULE: ./build/src/plan/catalog.js


/** The machine types that Vertex AI's documentation lists for training, by name. */
const MACHINES = new Map(Object.entries(machines_namespaceObject)
    .filter(([name]) => !name.startsWith('_'))
    .map(([name, row]) => [
    name,
    {
        name,
        vcpus: row.vcpus ?? 0,
        memoryGiB: row.memoryGiB ?? 0,
        accelerators: row.accelerators,
        acceleratorRequired: row.acceleratorRequired,
        tpuTopologies: row.tpuTopologies && Object.keys(row.tpuTopologies),
    },
]));
/** The topologies that a TPU machine can have; undefined for any other machine. */
const topologiesOf = (machineType) => MACHINES.get(machineType)?.tpuTopologies;
/** The regions that offer custom training. */
const TRAINING_REGIONS = accelerator_regions_namespaceObject.ti;
/** The regions that list an accelerator for training; undefined where the catalog knows nothing of it. */
function regionsWith(accelerator) {
    const rows = regions.accelerators;
    return rows[accelerator]?.trainingRegions;
}

;// CONCATENATED MODULE: ./build/src/local/containers/engine/limits.js


/** The storage drivers that hold every container to a size; overlay2 does so only on a file system made for it. */
const SIZED_DRIVERS = ['btrfs', 'zfs'];
/** The same from the engine's `GET /info`. What it does not tell is taken for unlimited, and for not to be had. */
function engineMachine(answer) {
    const info = isRecord(answer) ? answer : {};
    const number = (name) => Number(info[name]) || Number.POSITIVE_INFINITY;
    return {
        cpus: number('NCPU'),
        memoryBytes: number('MemTotal'),
        limitsCpus: info['CpuCfsQuota'] === true,
        limitsMemory: info['MemoryLimit'] === true,
        limitsSwap: info['SwapLimit'] === true,
        limitsDisks: SIZED_DRIVERS.includes(info['Driver']),
    };
}
const GIB = 2 ** 30;
/** What a container gets of its machine type; a machine that is smaller gives what it has. */
function limitsOf({ machineSpec, diskSpec }, machine) {
    const { vcpus = 0, memoryGiB = 0 } = MACHINES.get(machineSpec?.machineType ?? '') ?? {};
    const memory = Math.round(memoryGiB * GIB);
    const hasMemory = memory > 0 && memory <= machine.memoryBytes;
    const size = diskSpec?.bootDiskSizeGb;
    return {
        ...(vcpus > 0 && vcpus <= machine.cpus && machine.limitsCpus ? { NanoCpus: vcpus * 1e9 } : {}),
        ...(hasMemory && machine.limitsMemory ? { Memory: memory } : {}),
        // As much memory with swap as without: a program that needs more ends as it does on the service.
        ...(hasMemory && machine.limitsMemory && machine.limitsSwap ? { MemorySwap: memory } : {}),
        ...sharedMemory(hasMemory ? memory : machine.memoryBytes),
        ...(size !== undefined && machine.limitsDisks ? { StorageOpt: { size: `${size}G` } } : {}),
    };
}
/**
 * /dev/shm may grow to half of the memory, as it does on a machine of one's own and where `gcloud ai custom-jobs local-run`
 * shares the host's (`--ipc host`). Our choice: what the service gives is not documented, and the engine's 64 MB are too
 * few for the data loaders of PyTorch.
 */
function sharedMemory(memoryBytes) {
    const half = Math.floor(memoryBytes / 2);
    return half > 0 && Number.isSafeInteger(half) ? { ShmSize: half } : {};
}

;// CONCATENATED MODULE: ./build/src/local/containers/replica/replica-plan.js




/**
 * The engine keeps a container's output as long as it has the container, for a service that is started again. Whole, since
 * it is counted from its beginning: without a limit of its own the engine's settings could set one that cuts it off.
 */
const LOG = { Type: 'json-file', Config: { 'max-size': '1000g', 'max-file': '1' } };
/** How many GPUs a replica of the pool is to have; a TPU is none. */
function gpusOf({ machineSpec }) {
    const { acceleratorType = '', acceleratorCount = 0 } = machineSpec ?? {};
    return acceleratorType.startsWith('NVIDIA_') ? acceleratorCount : 0;
}
function replicaPlan(job, seat) {
    const pool = job.spec.workerPoolSpecs[seat.pool] ?? {};
    const container = containerOf(pool) ?? { imageUri: '' };
    const variables = containerVariables(serviceVariables(job, seat), container.env ?? []);
    const expanded = (texts = []) => texts.map((text) => expand(text, variables));
    return {
        name: replicaName(seat),
        image: container.imageUri,
        command: expanded(container.command),
        args: expanded(container.args),
        variables,
        host: ownHostName(job.clusterId, seat),
        aliases: hostNames(job.clusterId, seat),
        gpus: gpusOf(pool),
        pool,
    };
}
/** Every bucket that the replica's settings name: they are there when the program starts, as on the service. */
function bucketsOf(plan, baseOutput) {
    const texts = [...plan.command, ...plan.args, ...plan.variables.values()];
    return [bucketOf(baseOutput ?? '') ?? [], ...texts.map(bucketsIn)].flat();
}
/** The body of the engine's `POST /containers/create`. */
function containerBody(plan, around) {
    const metrics = METRIC_FILE.slice(0, METRIC_FILE.lastIndexOf('/'));
    const bind = (source, target) => ({ Type: 'bind', Source: source, Target: target });
    const mounts = [
        bind(around.buckets, '/gcs'),
        ...(around.metrics === undefined ? [] : [bind(around.metrics, metrics)]),
    ];
    const address = around.address === undefined ? {} : { IPAMConfig: { IPv4Address: around.address } };
    const gpus = plan.gpus > 0 && around.withGpus;
    return {
        Image: plan.image,
        Hostname: plan.host,
        Env: [...plan.variables].map(([name, value]) => `${name}=${value}`),
        // `command` replaces the image's ENTRYPOINT and, since the engine then takes no CMD from the image, its CMD too.
        ...(plan.command.length > 0 ? { Entrypoint: plan.command } : {}),
        ...(plan.args.length > 0 ? { Cmd: plan.args } : {}),
        Labels: around.labels,
        AttachStdout: true,
        AttachStderr: true,
        HostConfig: {
            Mounts: mounts,
            LogConfig: LOG,
            NetworkMode: around.network,
            ExtraHosts: around.names,
            ...limitsOf(plan.pool, around.machine),
            ...(gpus
                ? { DeviceRequests: [{ Count: around.allGpus === true ? -1 : plan.gpus, Capabilities: [['gpu']] }] }
                : {}),
        },
        NetworkingConfig: { EndpointsConfig: { [around.network]: { Aliases: plan.aliases, ...address } } },
    };
}

;// CONCATENATED MODULE: ./build/src/local/containers/replica/replica.js




/** How long the output of an ended container may still take to arrive. */
const DRAIN_MS = 5_000;
/** The same where it is read from its beginning, which the engine takes its time for. */
const REREAD_MS = 600_000;
/** One replica's container, from its making to its removal. */
class Replica {
    name;
    #runtime;
    #container;
    #output;
    #exit;
    #ended = false;
    constructor(runtime, name, container, output) {
        this.#runtime = runtime;
        this.name = name;
        this.#container = container;
        this.#output = output;
    }
    /** Makes the container and listens to it, so that nothing of its output is lost when it starts. */
    static async create(runtime, plan, around, source) {
        const { engine } = runtime;
        const container = await orStartError(plan.name, engine.createContainer(containerBody(plan, around)));
        try {
            const output = new Output(runtime, { ...source, task: plan.name }, container);
            const { ended, drop } = await engine.attach(container, output.take);
            return new Replica(runtime, plan.name, container, { ended: ended.then(output.end), drop, drainMs: DRAIN_MS });
        }
        catch (error) {
            await engine.remove(container).catch(() => { });
            throw error;
        }
    }
    /** Goes on with a container that an earlier process of the service started; it may have ended since. */
    static adopt(runtime, name, container, source) {
        const over = new AbortController();
        const output = new Output(runtime, { ...source, task: name }, container);
        const ended = readOn(runtime, container, output, over.signal);
        const listening = { ended, drop: () => over.abort(), drainMs: REREAD_MS };
        const replica = new Replica(runtime, name, container, listening);
        replica.#await();
        return replica;
    }
    async start() {
        await orStartError(this.name, this.#runtime.engine.start(this.#container));
        this.#await();
    }
    #await() {
        this.#exit = this.#waited();
        this.#exit.catch(() => { });
    }
    /** How the container ended, once it has and all it wrote is in the log. */
    async exit() {
        if (this.#exit === undefined)
            throw new Error(`${this.name} was not started`);
        return this.#exit;
    }
    async #waited() {
        const exit = await this.#runtime.engine.wait(this.#container);
        this.#ended = true;
        await this.#drained();
        return exit;
    }
    async #drained() {
        const enough = new AbortController();
        const tooLong = this.#runtime.clock.sleep(this.#output.drainMs, enough.signal).catch(() => { });
        await Promise.race([this.#output.ended, tooLong]);
        enough.abort();
    }
    /** Ends the container if it still runs, and removes it. */
    async remove() {
        const { engine, graceSeconds } = this.#runtime;
        if (this.#exit !== undefined && !this.#ended) {
            await engine.stop(this.#container, graceSeconds).catch(() => { });
            await this.#drained();
        }
        await engine.remove(this.#container);
        this.#output.drop();
    }
}
/** Engines differ in the status that they give to a command that cannot be run. */
function isTheirFault({ status, message }) {
    return status !== undefined && (status < 500 || message.includes('OCI runtime'));
}
/** What the engine refuses about a container is the fault of its image or command; what it fails at is not. */
async function orStartError(name, call) {
    try {
        return await call;
    }
    catch (error) {
        if (!(error instanceof EngineError) || !isTheirFault(error))
            throw error;
        throw new StartError(startMessage(name, error.message), { cause: error });
    }
}

;// CONCATENATED MODULE: ./build/src/local/containers/replica/post.js


/** The words of NVIDIA's runtime hook, and of an engine that finds devices by itself (CDI), for a GPU that is not there. */
function lacksGpus(error) {
    return /nvidia-container-cli: device error|unresolvable CDI device/.test(messageOf(error));
}
/**
 * A replica's place in its job: one container after the other, all under the same host names ("restarts that worker … in
 * the same VM", "with the same hostname": understanding-training-service). A new container has the image's own files.
 */
class Post {
    #setting;
    #replica;
    #restarting = Promise.resolve();
    #over = false;
    constructor(setting, replica) {
        this.#setting = setting;
        this.#replica = replica;
    }
    static async create(setting) {
        const { runtime, plan, around, source } = setting;
        return new Post(setting, await Replica.create(runtime, plan, around, source));
    }
    /** The same with the container that an earlier process of the service left of it. */
    static adopt(setting, container) {
        const { runtime, plan, source } = setting;
        return new Post(setting, Replica.adopt(runtime, plan.name, container, source));
    }
    get name() {
        return this.#setting.plan.name;
    }
    /** Whether the job is done with it, so that it is not to be restarted. */
    get isOver() {
        return this.#over;
    }
    /** Starts the container; where the engine has fewer GPUs than it asks for, one that gets them all, and tells so. */
    async start() {
        try {
            await this.#replica.start();
        }
        catch (error) {
            const { runtime, plan, around, source } = this.#setting;
            if (plan.gpus === 0 || !around.withGpus || around.allGpus === true || !lacksGpus(error))
                throw error;
            const text = `This engine has fewer GPUs than the ${plan.gpus} that ${plan.name} asks for: it gets all that there are.`;
            runtime.logs.service(source, text, 'WARNING');
            this.#setting = { ...this.#setting, around: { ...around, allGpus: true } };
            await this.restart();
        }
    }
    /** How the present container ended, once it has. */
    exit() {
        return this.#replica.exit();
    }
    /** Puts a new container in the place of the one that ended. */
    restart() {
        this.#restarting = this.#replaced();
        return this.#restarting;
    }
    async #replaced() {
        const { runtime, plan, around, source } = this.#setting;
        await this.#replica.remove();
        if (this.#over)
            return;
        this.#replica = await Replica.create(runtime, plan, around, source);
        if (!this.#over)
            await this.#replica.start();
    }
    /** Ends the container if it still runs, and removes it; there will be no other. */
    async remove() {
        this.#over = true;
        await this.#restarting.catch(() => { });
        await this.#replica.remove();
    }
}

;// CONCATENATED MODULE: ./build/src/local/containers/runtime.js

/** Puts a new version of the resource in the record, with the time of the change. */
function update(runtime, record, change) {
    const whole = { ...change, updateTime: timestampOf(runtime.clock.now()) };
    record.resource = { ...record.resource, ...whole };
    runtime.journal?.changed(record, whole);
}
/** A timer holds at most 2^31 milliseconds (24 days). */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;
/** `clock.sleep` for any length of time. */
async function sleepLong(clock, ms, signal) {
    const end = clock.now() + ms;
    for (let left = ms; left > 0; left = end - clock.now()) {
        await clock.sleep(Math.min(left, LONGEST_SLEEP_MS), signal);
    }
}

;// CONCATENATED MODULE: ./build/src/local/containers/pools/absent.js

const warning = (textPayload) => ({ severity: 'WARNING', textPayload });
const info = (textPayload) => ({ severity: 'INFO', textPayload });
function diskNotes({ workerPoolSpecs }, { limitsDisks }) {
    const sizes = new Set(workerPoolSpecs.flatMap(({ diskSpec }) => diskSpec?.bootDiskSizeGb ?? []));
    if (limitsDisks || sizes.size === 0)
        return [];
    return [info(`This engine limits no disk: the job's ${[...sizes].join(' and ')} GB are what this machine has free.`)];
}
function shareNotes({ workerPoolSpecs }) {
    const folders = workerPoolSpecs.flatMap(({ nfsMounts = [], lustreMounts = [] }) => [
        ...nfsMounts.map(({ mountPoint = '' }) => `/mnt/nfs/${mountPoint}`),
        ...lustreMounts.map(({ mountPoint = '' }) => `/mnt/lustre/${mountPoint}`),
    ]);
    if (folders.length === 0)
        return [];
    return [warning(`File shares are not mounted here: the program does not find ${[...new Set(folders)].join(', ')}.`)];
}
function shellNotes({ enableWebAccess, enableDashboardAccess }, jobId) {
    if (enableWebAccess !== true && enableDashboardAccess !== true)
        return [];
    const filters = `--filter label=${JOB_LABEL}=${jobId} --filter label=${REPLICA_LABEL}=workerpool0-0`;
    return [
        info(`There is no web access here. A shell in a running replica: docker exec -it $(docker ps -q ${filters}) sh`),
    ];
}
function tpuNotes({ workerPoolSpecs }) {
    const hasTpu = workerPoolSpecs.some(({ machineSpec: { acceleratorType = '', tpuTopology } = {} }) => acceleratorType.startsWith('TPU_') || tpuTopology !== undefined);
    return hasTpu ? [warning('There are no TPUs here: the job runs without.')] : [];
}
/**
 * What a job asks for that its containers do not get here, for its log. GPUs are not among it: those are asked for by the
 * job's own course.
 */
function absences(spec, jobId, machine) {
    return [...tpuNotes(spec), ...diskNotes(spec, machine), ...shareNotes(spec), ...shellNotes(spec, jobId)];
}

;// CONCATENATED MODULE: ./build/src/local/containers/pools/pools-run.js
/** The job's own log gets what a restart is about. */
function warn(runtime, run, text) {
    runtime.logs.service(run.source, text, 'WARNING');
}

;// CONCATENATED MODULE: ./build/src/local/containers/pools/restarts.js
/** "Up to five restarts per worker" (understanding-training-service, non-zero exits). */
const MOST_REPLICA_RESTARTS = 5;
/** "Up to three times" (the same page, non-zero exits and user code exceptions). */
const MOST_JOB_RETRIES = 3;
/** "Three attempts in total" (the same page, internal errors). */
const MOST_INTERNAL_RETRIES = 2;
/** The exit codes that the page takes for transient: SIGABRT and SIGSEGV, with and without a shell's 128. */
const TRANSIENT = new Map([
    [6, 'SIGABRT'],
    [134, 'SIGABRT'],
    [11, 'SIGSEGV'],
    [139, 'SIGSEGV'],
]);
/**
 * The restarts of one job, by the rules of understanding-training-service:
 * - a user code exception or lack of memory is permanent, but a transient exit code has the whole job tried again;
 * - any other end of a replica has it restarted, and the whole job tried again when its restarts are used up;
 * - `restartJobOnWorkerRestart` restarts all replicas with the one, `disableRetries` overrules it and all of the above.
 * A container that somebody else ended is all that can end in any other way here: its program did nothing wrong.
 * Both kinds of retries count as one sum, and each gives the replicas their restarts anew: the page does not say.
 */
class Restarts {
    #scheduling;
    #ofReplica = new Map();
    #ofJob = 0;
    #internal = 0;
    constructor(scheduling = {}) {
        this.#scheduling = scheduling;
    }
    /** Decides, and counts what it decides. */
    after(replica, exit) {
        if (this.#scheduling.disableRetries === true)
            return 'job-fails';
        if (exit.endedByOthers === true)
            return this.#replicaAgain(replica);
        if (!exit.oomKilled && TRANSIENT.has(exit.exitCode))
            return this.#jobAgain();
        return 'job-fails';
    }
    /** The same after an error of the service itself. */
    afterInternalError() {
        if (this.#scheduling.disableRetries === true || this.#internal >= MOST_INTERNAL_RETRIES)
            return 'job-fails';
        this.#internal += 1;
        return 'job-again';
    }
    #replicaAgain(replica) {
        const before = this.#ofReplica.get(replica) ?? 0;
        if (before >= MOST_REPLICA_RESTARTS)
            return this.#jobAgain();
        this.#ofReplica.set(replica, before + 1);
        return this.#scheduling.restartJobOnWorkerRestart === true ? 'job-again' : 'replica-again';
    }
    #jobAgain() {
        if (this.#ofJob >= MOST_JOB_RETRIES)
            return 'job-fails';
        this.#ofJob += 1;
        this.#ofReplica.clear();
        return 'job-again';
    }
}
/** What the job's log says of a restart. */
function restartNote(replica, exit, course) {
    const signal = TRANSIENT.get(exit.exitCode);
    const why = exit.endedByOthers === true ? ', ended from outside' : signal === undefined ? '' : ` (${signal})`;
    const next = course === 'job-again' ? 'The job is tried again.' : 'The replica is restarted.';
    return `The replica ${replica} exited with a non-zero status of ${exit.exitCode}${why}. ${next}`;
}

;// CONCATENATED MODULE: ./build/src/local/containers/pools/ends.js



/** Rejects with the signal's reason when it aborts; never resolves. */
function aborted(signal) {
    let release = () => { };
    const promise = new Promise((_resolve, reject) => {
        const listener = () => reject(signal.reason);
        if (signal.aborted)
            listener();
        else
            signal.addEventListener('abort', listener, { once: true });
        release = () => signal.removeEventListener('abort', listener);
    });
    promise.catch(() => { });
    return { promise, release };
}
/**
 * Follows a replica through its restarts. Gives the exit that decides the job, or `again` where all of it is to be run once
 * more; never resolves for one that ends well and is not the primary, since the others go on without it.
 */
async function follow(runtime, run, post, restarts, isPrimary) {
    for (;;) {
        const exit = await post.exit();
        const replica = post.name;
        if (exit.exitCode === 0 && !isPrimary)
            return new Promise(() => { });
        if (exit.exitCode === 0 || post.isOver)
            return { replica, exit };
        const course = restarts.after(replica, exit);
        if (course === 'job-fails')
            return { replica, exit };
        warn(runtime, run, restartNote(replica, exit, course));
        if (course === 'job-again')
            return 'again';
        await post.restart();
    }
}
/** An end that is found later than it came. */
function endedThen(end) {
    if (end === 'again')
        return end;
    const { finishedMs = Number.NaN } = end.exit;
    return finishedMs > 0 ? { ...end, endedMs: finishedMs } : end;
}
/**
 * The first of the ends of replicas that decides the job. The job is told to be running before, but for one that ended while
 * the service was not there: that was in time, whenever it is found.
 */
async function firstEnd(run, ends, earlier) {
    const first = Promise.race(ends);
    if (earlier.length > 0) {
        const settled = Promise.all(earlier.map((post) => post.exit())).then(() => (0,external_node_timers_promises_namespaceObject.setImmediate)());
        const found = await Promise.race([first, settled]);
        if (found !== undefined && run.record.resource.startTime !== undefined)
            return endedThen(found);
    }
    run.onRunning();
    return first;
}

;// CONCATENATED MODULE: ./build/src/local/containers/pools/worker-pools.js












/** Makes the replicas' containers, or adopts those that are `left` of all of them. */
async function makePosts(runtime, run, network, left, made) {
    const { job, signal } = run;
    const plans = seatsOf(job.spec).map((seat) => replicaPlan(job, seat));
    const base = job.spec.baseOutputDirectory?.outputUriPrefix;
    const machine = await runtime.engine.machine();
    const buckets = await runtime.folders.buckets(plans.flatMap((plan) => bucketsOf(plan, base)));
    if (base !== undefined)
        await runtime.folders.output(base);
    const { addresses } = network;
    const names = plans.flatMap(({ aliases }, index) => aliases.map((name) => `${name}:${addresses?.[index]}`));
    const around = async (plan, index) => ({
        labels: { [SERVICE_LABEL]: runtime.instance, [JOB_LABEL]: job.jobId, [REPLICA_LABEL]: plan.name },
        network: network.id,
        address: addresses?.[index],
        names: addresses === undefined ? [] : names,
        buckets,
        metrics: job.trialId === undefined ? undefined : await runtime.folders.metrics(job.jobId, plan.name),
        withGpus: run.withGpus,
        machine,
    });
    for (const [index, plan] of plans.entries()) {
        const container = left?.containers.get(plan.name)?.id;
        if (container === undefined)
            signal.throwIfAborted();
        const setting = { runtime, plan, around: await around(plan, index), source: run.source };
        made.push(container === undefined ? await Post.create(setting) : Post.adopt(setting, container));
    }
}
/** Removes the containers, what is `left` and was never adopted too, and the job's own network. */
async function removeAll(runtime, run, posts, network, left) {
    const { engine } = runtime;
    const names = new Set(posts.map(({ name }) => name));
    const others = [...(left?.containers ?? [])].filter(([name]) => !names.has(name));
    const removals = [...posts.map((post) => post.remove()), ...others.map(([, { id }]) => engine.remove(id))];
    const results = await Promise.allSettled(removals);
    if (network !== undefined)
        results.push(...(await Promise.allSettled([engine.removeNetwork(network.id)])));
    for (const result of results) {
        if (result.status === 'rejected')
            warn(runtime, run, `A container could not be removed: ${messageOf(result.reason)}`);
    }
}
/** The network of a job's containers; its own one is removed with them. */
async function networkOf({ networks }, { job }, left) {
    const { length } = seatsOf(job.spec);
    if (left?.network !== undefined)
        return { network: await networks.takeUp(left.network, length), isOwn: true };
    if (length > 1)
        return { network: await networks.forJob(job.jobId, length), isOwn: true };
    return { network: { id: await networks.shared(), addresses: undefined }, isOwn: false };
}
/**
 * Runs all replicas once, single ones as often as their restarts allow; goes on with those that are `left`. No container and
 * no network is there afterwards.
 */
async function attempt(runtime, run, restarts, left) {
    const posts = [];
    const abort = aborted(run.signal);
    let own;
    try {
        if (left === undefined)
            run.signal.throwIfAborted();
        const { network, isOwn } = await networkOf(runtime, run, left);
        if (isOwn)
            own = network;
        await makePosts(runtime, run, network, left, posts);
        // All at once, and the primary not before the others: without addresses, names resolve only once their container runs.
        if (left === undefined)
            await Promise.all(posts.toReversed().map((post) => post.start()));
        const ends = posts.map((post, index) => follow(runtime, run, post, restarts, index === 0));
        const earlier = posts.filter(({ name }) => left?.containers.get(name)?.state === 'exited');
        const end = await Promise.race([firstEnd(run, ends, earlier), abort.promise]);
        if (end !== 'again')
            runtime.journal?.decided(run.record, { endedMs: runtime.clock.now(), ...end });
        return end;
    }
    finally {
        abort.release();
        await removeAll(runtime, run, posts, own ?? left?.network, left);
    }
}
/** Trials of one job lack the same things: the first one tells. */
async function tellAbsences(runtime, { job, source }) {
    if (!tellsForAll(job))
        return;
    // An engine that does not answer now fails the attempt that follows.
    const machine = await runtime.engine.machine().catch(() => undefined);
    if (machine === undefined)
        return;
    runtime.logs.append({ ...source, task: 'service' }, absences(job.spec, job.jobId, machine));
}
/** Between an error of the service and the next attempt. */
const RETRY_AFTER_MS = 1_000;
/** An attempt; one that fails by an error of the service itself, not by the job's fault, may be made again. */
async function attemptOrAgain(runtime, run, restarts, left) {
    try {
        return await attempt(runtime, run, restarts, left);
    }
    catch (error) {
        const isTheirs = error instanceof StartError || run.signal.aborted;
        if (isTheirs || restarts.afterInternalError() === 'job-fails')
            throw error;
        warn(runtime, run, `Internal error occurred for the current attempt: ${messageOf(error)} The job is tried again.`);
        await runtime.clock.sleep(RETRY_AFTER_MS, run.signal);
        return 'again';
    }
}
/**
 * Runs all replicas of a job until one decides it, with the restarts that `Restarts` allows. Whatever happens, no container
 * and no network is left afterwards. While a job waits to be tried again it is PENDING: our choice, the state is not
 * documented. Throws the signal's reason when that aborts.
 */
async function runPools(runtime, run) {
    const restarts = new Restarts(run.job.spec.scheduling);
    const earlier = await takeUp(runtime, run);
    if (earlier === undefined)
        await tellAbsences(runtime, run);
    if (earlier !== undefined && 'exit' in earlier)
        return earlier;
    let left = earlier;
    for (;;) {
        const end = await attemptOrAgain(runtime, run, restarts, left);
        if (end !== 'again')
            return end;
        left = undefined;
        run.signal.throwIfAborted();
        update(runtime, run.record, { state: 'JOB_STATE_PENDING' });
    }
}

;// CONCATENATED MODULE: ./build/src/local/containers/backend.js





/** Whether an earlier process of the service began the job, so that it goes on with what is left, or has come to its end. */
async function hasBegun(runtime, record) {
    const left = runtime.left?.peek(record.id);
    if (left === undefined)
        return false;
    const job = record;
    if (continuation(job, seatsOf(job.resource.jobSpec).map(replicaName), left) !== 'anew')
        return true;
    runtime.left?.take(record.id);
    await removeLeft(runtime, left);
    return false;
}
/** Containers of the Docker engine. */
const dockerBackend = {
    prepare: async (runtime, preparation) => {
        if (await hasBegun(runtime, preparation.record))
            return;
        await ensureImages(runtime, preparation.spec, preparation.signal, preparation.say);
    },
    hasGpus: ({ engine }) => engine.hasGpus(),
    run: runPools,
    conduct: (_runtime, { controller, live }) => live(controller.signal),
    close: async ({ engine, instance }, ended) => {
        await ended;
        const left = await engine.labelled(`${SERVICE_LABEL}=${instance}`);
        for (const { id } of left.containers)
            await engine.remove(id);
        for (const { id } of left.networks)
            await engine.removeNetwork(id);
    },
};

;// CONCATENATED MODULE: ./build/src/local/containers/engine/engine-exit.js


/** What a container has that was killed: 128 and the number of SIGKILL. */
const KILLED = 137;
/** How long the engine may take to tell its events. */
const EVENTS_WITHIN_MS = 2_000;
/** By their numbers, as the engine's events name them: SIGINT, SIGKILL and SIGTERM. */
const ENDING_SIGNALS = new Set(['2', '9', '15']);
async function stateOf(address, container) {
    const found = await engineCall(address, { method: 'GET', path: `/containers/${container}/json` });
    const state = isRecord(found) ? found['State'] : undefined;
    return isRecord(state) ? state : {};
}
const isMissing = (error) => error instanceof EngineError && error.status === 404;
/** Waits until a started container ends. One that is removed meanwhile counts as killed. Throws `EngineError`. */
async function exitOf(address, container) {
    try {
        const answer = await engineCall(address, { method: 'POST', path: `/containers/${container}/wait` });
        const exitCode = isRecord(answer) ? Number(answer['StatusCode']) : Number.NaN;
        const state = await stateOf(address, container);
        const oomKilled = state['OOMKilled'] === true;
        const endedByOthers = exitCode !== 0 && !oomKilled && (await wasKilled(address, container));
        return { exitCode, oomKilled, endedByOthers, finishedMs: Date.parse(textAt(state, 'FinishedAt') ?? '') };
    }
    catch (error) {
        if (!isMissing(error))
            throw error;
        return { exitCode: KILLED, oomKilled: false, endedByOthers: true };
    }
}
/** Whether a container that was started has ended; one that is gone has. Throws `EngineError`. */
async function hasEnded(address, container) {
    try {
        return (await stateOf(address, container))['Running'] === false;
    }
    catch (error) {
        if (isMissing(error))
            return true;
        throw error;
    }
}
/** Whether the engine was told to signal the container to its end. It keeps its latest events only, and need not tell. */
async function wasKilled(address, container) {
    const filters = JSON.stringify({ container: [container], event: ['kill'] });
    const query = { since: '0', until: String(Date.now() / 1000), filters };
    // An engine in a machine of its own may have another time of day, and wait for the one that it is told.
    const signal = AbortSignal.timeout(EVENTS_WITHIN_MS);
    try {
        for await (const event of engineLines(address, { method: 'GET', path: '/events', query, signal })) {
            const actor = event['Actor'];
            const attributes = isRecord(actor) ? actor['Attributes'] : undefined;
            if (ENDING_SIGNALS.has(textAt(attributes, 'signal') ?? ''))
                return true;
        }
    }
    catch { }
    return false;
}

;// CONCATENATED MODULE: ./build/src/local/containers/engine/engine-listing.js


/** The containers and networks that carry a label, running or not, the latest first. Throws `EngineError`. */
async function labelled(address, label) {
    const filters = JSON.stringify({ label: [label] });
    const containers = { method: 'GET', path: '/containers/json', query: { all: '1', filters } };
    const networks = { method: 'GET', path: '/networks', query: { filters } };
    return {
        containers: allLabelled(await engineCall(address, containers)),
        networks: allLabelled(await engineCall(address, networks)),
    };
}
/** The id in an answer of the engine. Throws `EngineError` where there is none. */
function identifier(answer) {
    const id = textAt(answer, 'Id');
    if (id === undefined || !/^[0-9a-f]{12,64}$/.test(id))
        throw new EngineError('The Docker engine gave no id.');
    return id;
}
function allLabelled(answer) {
    const all = Array.isArray(answer) ? answer : [];
    return all.map((one) => {
        const labels = isRecord(one) && isRecord(one['Labels']) ? one['Labels'] : {};
        return { id: identifier(one), label: (name) => textAt(labels, name), state: textAt(one, 'State') };
    });
}

;// CONCATENATED MODULE: ./build/src/local/containers/engine/engine.js







/** What the service asks of a Docker engine (Engine API as of 20.10 and later). */
class Engine {
    #address;
    #machine;
    constructor(address) {
        this.#address = address;
    }
    /** Whether the engine can give GPUs to containers: by NVIDIA's runtime, or as devices that it found (CDI, since 28). */
    async hasGpus() {
        const info = await engineCall(this.#address, { method: 'GET', path: '/info' });
        if (!isRecord(info))
            return false;
        const { Runtimes: runtimes, DiscoveredDevices: devices } = info;
        if (isRecord(runtimes) && Object.hasOwn(runtimes, 'nvidia'))
            return true;
        return Array.isArray(devices) && devices.some((device) => textAt(device, 'ID')?.startsWith('nvidia.com/gpu='));
    }
    /** What its machine has; asked once. */
    async machine() {
        this.#machine ??= engineCall(this.#address, { method: 'GET', path: '/info' }).then(engineMachine);
        try {
            return await this.#machine;
        }
        catch (error) {
            this.#machine = undefined;
            throw error;
        }
    }
    async hasImage(image, signal) {
        try {
            await engineCall(this.#address, { method: 'GET', path: `/images/${encodeURI(image)}/json`, signal });
            return true;
        }
        catch (error) {
            if (error instanceof EngineError && error.status === 404)
                return false;
            throw error;
        }
    }
    /** Pulls an image; `auth` is the value of X-Registry-Auth. Throws with the registry's own words. */
    async pull(image, auth, signal) {
        const { name, reference } = imageName(image);
        const lines = engineLines(this.#address, {
            method: 'POST',
            path: '/images/create',
            query: { fromImage: name, tag: reference },
            headers: auth === undefined ? {} : { 'x-registry-auth': auth },
            signal,
        });
        for await (const line of lines) {
            const error = textAt(line, 'error');
            if (error !== undefined)
                throw new EngineError(error);
        }
    }
    async createContainer(body) {
        const answer = await engineCall(this.#address, { method: 'POST', path: '/containers/create', body });
        return identifier(answer);
    }
    async start(container) {
        await engineCall(this.#address, { method: 'POST', path: `/containers/${container}/start` });
    }
    /** Waits until a started container ends. One that is removed meanwhile counts as killed. */
    wait(container) {
        return exitOf(this.#address, container);
    }
    /** Hands over what the container writes; the promise inside resolves when its output has ended. */
    async attach(container, onOutput) {
        const stream = await engineStream(this.#address, {
            method: 'POST',
            path: `/containers/${container}/attach`,
            query: { stream: '1', stdout: '1', stderr: '1' },
        });
        const frames = new FrameSplitter(onOutput);
        stream.on('data', (chunk) => frames.push(chunk));
        const ended = new Promise((resolve) => {
            stream.on('end', resolve);
            stream.on('close', resolve);
            stream.on('error', () => resolve());
        });
        return { ended, drop: () => stream.destroy() };
    }
    /**
     * Hands over what the engine has kept of what the container wrote, from the beginning, and with `follow` what it writes
     * from then on. Resolves when that ends: an older engine (20.10) may end it early, so that it is to be asked again.
     */
    async logs(container, follow, onOutput, signal) {
        const query = { stdout: '1', stderr: '1', follow: follow ? '1' : '0' };
        const frames = new FrameSplitter(onOutput);
        const call = { method: 'GET', path: `/containers/${container}/logs`, query, signal };
        for await (const chunk of engineBytes(this.#address, call))
            frames.push(chunk);
    }
    /** Whether a container that was started has ended; one that is gone has. */
    hasEnded(container) {
        return hasEnded(this.#address, container);
    }
    /** Asks the container to end (SIGTERM), and kills it when it has not after `graceSeconds`. */
    async stop(container, graceSeconds) {
        const query = { t: String(graceSeconds) };
        await this.#gone(engineCall(this.#address, { method: 'POST', path: `/containers/${container}/stop`, query }));
    }
    async remove(container) {
        const query = { force: '1', v: '1' };
        await this.#gone(engineCall(this.#address, { method: 'DELETE', path: `/containers/${container}`, query }));
    }
    /** Makes a network; only one whose subnet is given lets containers have addresses of one's choice. */
    async createNetwork(name, labels, subnet) {
        const ipam = subnet === undefined ? {} : { IPAM: { Config: [{ Subnet: subnet }] } };
        const body = { Name: name, Driver: 'bridge', Labels: labels, Options: await this.#packetSize(), ...ipam };
        return identifier(await engineCall(this.#address, { method: 'POST', path: '/networks/create', body }));
    }
    /** The default network's packet size: set where the machine's own network needs a smaller one, and not inherited. */
    async #packetSize() {
        const key = 'com.docker.network.driver.mtu';
        const found = await engineCall(this.#address, { method: 'GET', path: '/networks/bridge' }).catch(() => undefined);
        const size = textAt(isRecord(found) ? found['Options'] : undefined, key);
        return size === undefined ? {} : { [key]: size };
    }
    /** The first subnet of a network, `172.20.0.0/16`; undefined where the engine tells none. */
    async subnetOf(network) {
        const found = await engineCall(this.#address, { method: 'GET', path: `/networks/${network}` });
        const ipam = isRecord(found) ? found['IPAM'] : undefined;
        const configs = isRecord(ipam) ? ipam['Config'] : undefined;
        return Array.isArray(configs) ? textAt(configs[0], 'Subnet') : undefined;
    }
    async removeNetwork(network) {
        await this.#gone(engineCall(this.#address, { method: 'DELETE', path: `/networks/${network}` }));
    }
    /** The containers and networks that carry a label, running or not. */
    labelled(label) {
        return labelled(this.#address, label);
    }
    /** What is gone already, or going, is as good as removed. */
    async #gone(call) {
        try {
            await call;
        }
        catch (error) {
            if (!(error instanceof EngineError) || (error.status !== 404 && error.status !== 409))
                throw error;
        }
    }
}

;// CONCATENATED MODULE: external "node:net"
const external_node_net_namespaceObject = require("node:net");
;// CONCATENATED MODULE: ./build/src/local/containers/engine/addresses.js

/** Of the engine's first network address the gateway has one; the replicas follow. */
const FIRST = 2;
function numberOf(address) {
    return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
function addresses_textOf(address) {
    return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
}
/**
 * As many addresses of a subnet (`172.20.0.0/16`) as there are replicas, its gateway's left out; undefined where that is no
 * IPv4 subnet, or one too small.
 */
function addressesIn(subnet, count) {
    const [base = '', bits = ''] = subnet.split('/');
    if (!(0,external_node_net_namespaceObject.isIPv4)(base) || !/^\d{1,2}$/.test(bits))
        return undefined;
    // The last address of a subnet is its broadcast address.
    if (FIRST + count >= 2 ** (32 - Number(bits)))
        return undefined;
    return Array.from({ length: count }, (_unused, index) => addresses_textOf(numberOf(base) + FIRST + index));
}

;// CONCATENATED MODULE: ./build/src/local/containers/engine/networks.js



/**
 * The engine's networks of one service: each job with several replicas has its own, in which its replicas find each
 * other by name; all others share one, since an engine has room for about thirty.
 */
class Networks {
    #engine;
    #instance;
    #shared;
    /** Networks are made one after the other, so that none takes the subnet that another just gave back. */
    #turn = Promise.resolve();
    /** `shared` is the id of the shared network where an earlier process of the service made it. */
    constructor(engine, instance, shared) {
        this.#engine = engine;
        this.#instance = instance;
        this.#shared = shared === undefined ? undefined : Promise.resolve(shared);
    }
    /** The network that an earlier process of the service made for a job. */
    async takeUp({ id, label }, replicas) {
        if (label(ADDRESSES_LABEL) === undefined)
            return { id, addresses: undefined };
        return { id, addresses: addressesIn((await this.#engine.subnetOf(id)) ?? '', replicas) };
    }
    /** A network for one job; whoever asked for it removes it. */
    async forJob(jobId, replicas) {
        const made = this.#turn.then(() => this.#withAddresses(jobId, replicas));
        this.#turn = made.catch(() => { });
        return made;
    }
    /**
     * The engine lets addresses be chosen only where the subnet was given: the one that it picked itself is free, so it is
     * asked for by name. Where another program was quicker the addresses are the engine's.
     */
    async #withAddresses(jobId, replicas) {
        const labels = { [JOB_LABEL]: jobId };
        const id = await this.#create(jobId, labels);
        const subnet = await this.#engine.subnetOf(id);
        const addresses = addressesIn(subnet ?? '', replicas);
        if (addresses === undefined)
            return { id, addresses };
        await this.#engine.removeNetwork(id);
        try {
            return { id: await this.#create(jobId, { ...labels, [ADDRESSES_LABEL]: 'chosen' }, subnet), addresses };
        }
        catch {
            return { id: await this.#create(jobId, labels), addresses: undefined };
        }
    }
    /** The network of the jobs with a single replica: made when first needed, gone when the service closes. */
    async shared() {
        this.#shared ??= this.#create('shared', {});
        try {
            return await this.#shared;
        }
        catch (error) {
            this.#shared = undefined;
            throw error;
        }
    }
    async #create(name, labels, subnet) {
        const unique = `train-on-vertex-${name}-${(0,external_node_crypto_namespaceObject.randomBytes)(4).toString('hex')}`;
        return this.#engine.createNetwork(unique, { [SERVICE_LABEL]: this.#instance, ...labels }, subnet);
    }
}

;// CONCATENATED MODULE: ./build/src/local/life/kept-file.js


/** Puts a text in a file; whoever reads it finds the one before or this one, whole. On disk when this returns. */
function keepText(path, text) {
    const file = (0,external_node_fs_namespaceObject.openSync)(`${path}.new`, 'w', 0o600);
    try {
        (0,external_node_fs_namespaceObject.writeFileSync)(file, text);
        (0,external_node_fs_namespaceObject.fsyncSync)(file);
    }
    finally {
        (0,external_node_fs_namespaceObject.closeSync)(file);
    }
    (0,external_node_fs_namespaceObject.renameSync)(`${path}.new`, path);
    syncFolder((0,external_node_path_namespaceObject.dirname)(path));
}
/** So that the name too is on disk; Windows opens no folders, and needs none. */
function syncFolder(path) {
    if (process.platform === 'win32')
        return;
    const folder = (0,external_node_fs_namespaceObject.openSync)(path, 'r');
    try {
        (0,external_node_fs_namespaceObject.fsyncSync)(folder);
    }
    finally {
        (0,external_node_fs_namespaceObject.closeSync)(folder);
    }
}
/** Puts a value in a file of JSON, whole as `keepText` does; a crash of the machine, not of the process, may lose it. */
function keepJson(path, value) {
    (0,external_node_fs_namespaceObject.writeFileSync)(`${path}.new`, JSON.stringify(value), { mode: 0o600 });
    (0,external_node_fs_namespaceObject.renameSync)(`${path}.new`, path);
}
/** What `keepJson` put in a file; undefined where there is none. Throws SyntaxError where it is no JSON. */
function readJson(path) {
    return (0,external_node_fs_namespaceObject.existsSync)(path) ? JSON.parse((0,external_node_fs_namespaceObject.readFileSync)(path, 'utf8')) : undefined;
}

;// CONCATENATED MODULE: ./build/src/local/resources/store.js


/** What the resources of a collection are called, and what their states begin with. */
const KINDS = {
    customJobs: { name: 'CustomJob', states: 'JOB_STATE_' },
    hyperparameterTuningJobs: { name: 'HyperparameterTuningJob', states: 'JOB_STATE_' },
    trainingPipelines: { name: 'TrainingPipeline', states: 'PIPELINE_STATE_' },
};
function isCollection(name) {
    return Object.hasOwn(KINDS, name);
}
function recordName(record) {
    return `${parentName(record.place)}/${record.collection}/${record.id}`;
}
/** All jobs, in the order of their making. */
class JobStore {
    #records = new Map();
    add(record) {
        this.#records.set(recordName(record), record);
    }
    /** The job of that name. Throws NOT_FOUND. */
    get(place, collection, id) {
        const name = recordName({ place, collection, id });
        const record = this.#records.get(name);
        if (record === undefined)
            throw new ApiError('NOT_FOUND', `The ${KINDS[collection].name} does not exist: ${name}`);
        return record;
    }
    /** The job of that full name, if there is one. */
    find(name) {
        return this.#records.get(name);
    }
    /** The same. Throws NOT_FOUND. */
    named(name) {
        const record = this.find(name);
        if (record === undefined)
            throw new ApiError('NOT_FOUND', `The resource does not exist: ${name}`);
        return record;
    }
    delete(record) {
        this.#records.delete(recordName(record));
    }
    /** Every job that lists can tell of, in the order of their making. */
    listed() {
        return [...this.#records.values()].filter(({ listed }) => listed);
    }
    /** The jobs of a place, latest first (the service's own order is not documented). */
    list(place, collection) {
        const prefix = `${parentName(place)}/${collection}/`;
        return [...this.#records]
            .filter(([name, record]) => record.listed && name.startsWith(prefix))
            .map(([, record]) => record)
            .reverse();
    }
}

;// CONCATENATED MODULE: ./build/src/local/scheduling/quota.js
const CPUS = 'custom_model_training_cpus';
/** Vertex AI has no quota of memory: the name is this service's own, made like those that it has. */
const MEMORY = 'custom_model_training_memory';
/** Vertex AI's words for a quota of machines that is used up (observed at create and in pipelines' errors). */
function quotaText(metrics = [CPUS]) {
    return `The following quota metrics exceed quota limits: ${metrics.map((name) => `aiplatform.googleapis.com/${name}`).join(',')}`;
}
/**
 * The metric that counts the CPUs of a job, without the service's name. SPOT and FLEX_START have their own (the page on
 * them); the metrics of machine families other than N1 and E2 are not known, and are called by the same name here.
 */
function cpuMetric({ scheduling }) {
    const { strategy = '' } = scheduling ?? {};
    return ['SPOT', 'FLEX_START'].includes(strategy) ? 'custom_model_training_preemptible_cpus' : CPUS;
}

;// CONCATENATED MODULE: ./build/src/local/faults/requests.js
/** What a request asks for, as far as faults tell requests apart. */
const CALLS = [
    'create',
    'get',
    'list',
    'cancel',
    'delete',
    'entries',
    'model',
    'operation',
    'storage',
    'identity',
    'location',
    'other',
];
const RESOURCE = /^\/(?:v1|v1beta1|ui)\/projects\/[^/]+\/locations\/[^/]+\/(?:[^/]+\/[^/:]+\/(?=operations(?:\/|$)))?([A-Za-z]+)(\/[^/:]+)?(?::([A-Za-z]+))?$/;
/** Cloud Storage's JSON API, downloads and uploads of either kind too. */
const STORAGE = /^\/(?:download\/|(?:resumable\/)?upload\/)?storage\/v1\//;
/** Signing in, projects, and what one may do. */
const IDENTITY = /^\/v1\/token$|^\/v1\/projects\/[^/]+\/serviceAccounts\/|^\/v[13]\/projects\/[^/]+$|\/repositories\/[^/]+:testIamPermissions$/;
const LOCATION = /^\/(?:v1|v1beta1|ui)\/projects\/[^/]+\/locations(?:\/[^/:]+)?$/;
const PATHS = [
    ['storage', STORAGE],
    ['identity', IDENTITY],
    ['location', LOCATION],
];
const JOBS = new Set(['customJobs', 'hyperparameterTuningJobs', 'trainingPipelines']);
const JOB_CALLS = {
    'POST collection': 'create',
    'GET collection': 'list',
    'GET item': 'get',
    'DELETE item': 'delete',
    'POST item:cancel': 'cancel',
};
/** What a request asks for. */
function callOf({ method, path }) {
    if (path === '/v2/entries:list')
        return 'entries';
    const [known] = PATHS.find(([, pattern]) => pattern.test(path)) ?? [];
    if (known !== undefined)
        return known;
    const [, collection = '', item, verb] = RESOURCE.exec(path) ?? [];
    if (collection === 'models')
        return 'model';
    if (collection === 'operations')
        return 'operation';
    if (!JOBS.has(collection))
        return 'other';
    // HEAD is GET without the body.
    const action = `${method === 'HEAD' ? 'GET' : method} ${item === undefined ? 'collection' : 'item'}${verb === undefined ? '' : `:${verb}`}`;
    return JOB_CALLS[action] ?? 'other';
}
/** Whether a path is what `pattern` describes. */
function isLikePath(path, pattern) {
    const source = pattern
        .split(/(\*\*|\*)/)
        .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')));
    return new RegExp(`^${source.join('')}$`, 's').test(path);
}
/** Whether a request is one of those that a selector means. */
function isSelected({ call, method, path }, asked) {
    if (call !== undefined && call !== callOf(asked))
        return false;
    if (method !== undefined && method !== asked.method)
        return false;
    return path === undefined || isLikePath(asked.path, path);
}

;// CONCATENATED MODULE: ./build/src/local/faults/refusals.js



/** Answers that Google's services are known to give in place of the one that was asked for. */
const REFUSAL_REASONS = [
    'rate-limited',
    'quota',
    'stockout',
    'internal',
    'unavailable',
    'deadline',
    'bad-gateway',
    'permission',
    'image-not-readable',
];
/** Vertex AI's words for machines that are not to be had (its page of errors). */
function stockoutText({ location }) {
    return `Resources are insufficient in region: ${location}. Try a different region or use a different accelerator.`;
}
function errorInfo(reason, domain, metadata) {
    return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain, metadata };
}
function placeIn(path) {
    const [, project = 'unknown', location = 'us-central1'] = /\/projects\/([^/]+)\/locations\/([^/:]+)/.exec(path) ?? [];
    return placeOf(project, location);
}
const SERVICES = {
    entries: 'logging.googleapis.com',
    storage: 'storage.googleapis.com',
    identity: 'iam.googleapis.com',
};
const serviceOf = (call) => SERVICES[call] ?? 'aiplatform.googleapis.com';
/** The form that all of Google's services share; the metrics' names are those of the limits' pages. */
function rateLimited(asked) {
    const call = callOf(asked);
    const service = serviceOf(call);
    const submits = call === 'create' || call === 'delete';
    const metric = call === 'entries' ? 'Read requests' : submits ? 'Job submission requests' : 'Resource management requests';
    const consumer = placeIn(asked.path).projectNumber;
    return {
        http: 429,
        status: 'RESOURCE_EXHAUSTED',
        message: `Quota exceeded for quota metric '${metric}' and limit '${metric} per minute' of service '${service}' for consumer 'project_number:${consumer}'.`,
        details: [errorInfo('RATE_LIMIT_EXCEEDED', 'googleapis.com', { service, consumer: `projects/${consumer}` })],
    };
}
/** As IAM words it for Vertex AI (observed for other collections); of the others nothing but Google's general words is known. */
function notPermitted(asked) {
    if (SERVICES[callOf(asked)] !== undefined) {
        return { http: 403, status: 'PERMISSION_DENIED', message: 'The caller does not have permission' };
    }
    const { project, location } = placeIn(asked.path);
    const collection = /\/locations\/[^/]+\/([A-Za-z]+)/.exec(asked.path)?.[1] ?? 'customJobs';
    const permission = `aiplatform.${collection}.${callOf(asked)}`;
    const resource = `projects/${project}/locations/${location}`;
    return {
        http: 403,
        status: 'PERMISSION_DENIED',
        message: `Permission '${permission}' denied on resource '//aiplatform.googleapis.com/${resource}' (or it may not exist).`,
        details: [errorInfo('IAM_PERMISSION_DENIED', 'aiplatform.googleapis.com', { permission, resource })],
    };
}
/** The same words where the repository is not there (observed). */
function imageNotReadable(asked) {
    const { project, location } = placeIn(asked.path);
    const agent = `service-${projectNumber(project)}@gcp-sa-aiplatform-cc.iam.gserviceaccount.com`;
    const repository = `projects/${project}/locations/${location}/repositories/images`;
    const message = `Vertex AI Service Agent ${agent} does not have permission to access Artifact Registry repository ${repository}.`;
    return { http: 400, status: 'FAILED_PRECONDITION', message };
}
const KNOWN = {
    'rate-limited': rateLimited,
    quota: (_asked, { metrics }) => ({
        http: 429,
        status: 'RESOURCE_EXHAUSTED',
        message: quotaText(metrics),
    }),
    // Known of jobs that have been taken on; that a create is refused so is not.
    stockout: ({ path }) => ({ http: 429, status: 'RESOURCE_EXHAUSTED', message: stockoutText(placeIn(path)) }),
    internal: () => ({ http: 500, status: 'INTERNAL', message: 'Internal error encountered.' }),
    unavailable: () => ({ http: 503, status: 'UNAVAILABLE', message: 'The service is currently unavailable.' }),
    deadline: () => ({
        http: 504,
        status: 'DEADLINE_EXCEEDED',
        message: 'Deadline expired before operation could complete.',
    }),
    'bad-gateway': () => ({ http: 502, status: 'UNKNOWN', message: '' }),
    permission: notPermitted,
    'image-not-readable': imageNotReadable,
};
/** What a front end answers that reached no service: a page, no JSON. */
const ERROR_PAGE = `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error 502 (Server Error)!!1</title>
  <p><b>502.</b> <ins>That’s an error.</ins>
  <p>The server encountered a temporary error and could not complete your request.
`;
const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' };
/** The answer that a refusal stands for. */
function refusals_refused(refusal, asked) {
    const { reason, retryAfterSeconds } = refusal;
    const known = reason === undefined ? undefined : KNOWN[reason](asked, refusal);
    const http = refusal.http ?? known?.http ?? 500;
    const retry = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
    if (reason === 'bad-gateway') {
        return { http, headers: { 'content-type': 'text/html; charset=UTF-8', ...retry }, text: ERROR_PAGE };
    }
    const details = refusal.details ?? known?.details;
    const error = {
        code: http,
        message: refusal.message ?? known?.message ?? '',
        status: refusal.status ?? known?.status ?? 'UNKNOWN',
        ...(details === undefined ? {} : { details }),
    };
    return { http, headers: { ...JSON_TYPE, ...retry }, text: JSON.stringify({ error }) };
}
/** The answer to a token that is no longer good. */
function tokenRefused(asked) {
    const service = serviceOf(callOf(asked));
    const error = {
        code: 401,
        message: 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
        status: 'UNAUTHENTICATED',
        details: [errorInfo('ACCESS_TOKEN_EXPIRED', 'googleapis.com', { service })],
    };
    const challenge = { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' };
    return { http: 401, headers: { ...JSON_TYPE, ...challenge }, text: JSON.stringify({ error }) };
}
/** What the platform ends jobs with. */
const JOB_ERRORS = ['stockout', 'quota', 'internal', 'preempted'];
const RESOURCE_EXHAUSTED = 8;
const INTERNAL = 13;
/**
 * The error of a job that the platform ended. The words of stockout, quota and internal failures are the service's; their
 * codes are not documented. Of a preempted job it is documented that its error says STOCKOUT.
 */
function jobError(reason, place, metrics) {
    const stockout = stockoutText(place);
    switch (reason) {
        case 'stockout':
            return { code: RESOURCE_EXHAUSTED, message: stockout };
        case 'preempted':
            return { code: RESOURCE_EXHAUSTED, message: `STOCKOUT: ${stockout}` };
        case 'quota':
            return { code: RESOURCE_EXHAUSTED, message: quotaText(metrics) };
        case 'internal':
            return { code: INTERNAL, message: 'Internal error occurred for the current attempt' };
    }
}

;// CONCATENATED MODULE: ./build/src/local/faults/attempts.js



/** A replica's machine was taken away. */
class Preempted extends Error {
    name = 'Preempted';
    how;
    /** By the service's clock. */
    atMs;
    constructor(how, replica, atMs) {
        super(`The machine of ${replica} was preempted.`);
        this.how = how;
        this.atMs = atMs;
    }
}
/** A preempted job is tried again up to six times (the Spot page of the documentation). */
const MOST_RESTARTS = 6;
/**
 * Starts a job's replicas, and starts them again when the job was preempted. Throws `MachineError` where that ends it,
 * and the signal's reason when that aborts. What the state is meanwhile is not documented: PENDING is our choice.
 */
async function withRestarts(runtime, { run, start, onAttempt }) {
    let atMs;
    for (let attempt = 1;; attempt += 1) {
        const own = new AbortController();
        onAttempt((how) => own.abort(new Preempted(how, 'workerpool0-0', runtime.clock.now())));
        try {
            return await start(attempt, AbortSignal.any([run.signal, own.signal]), atMs);
        }
        catch (error) {
            if (!(error instanceof Preempted) || run.signal.aborted)
                throw error;
            if (error.how === 'fail' || attempt > MOST_RESTARTS) {
                throw new MachineError(jobError('preempted', run.record.place));
            }
            atMs = error.atMs;
            runtime.logs.service(run.source, `${error.message} The job is started again.`, 'WARNING');
            update(runtime, run.record, { state: 'JOB_STATE_PENDING' });
        }
    }
}

;// CONCATENATED MODULE: ./build/src/local/faults/endings.js


/** How a script ends a job. Only one that failed or was cancelled has an error of its own accord (the proto's comment). */
function endingOf({ state, reason, metrics, error }, { place, collection }) {
    if (error !== undefined)
        return { state, error };
    if (reason !== undefined)
        return { state, error: told(jobError(reason, place, metrics), collection) };
    if (state === 'CANCELLED')
        return { state, error: cancelledStatus() };
    return state === 'FAILED' ? { state, error: jobError('internal', place) } : { state };
}
/** An error as a pipeline tells it of itself (observed). */
function told({ code, message }, collection) {
    const prefix = collection === 'trainingPipelines' ? 'Training pipeline failed with error message: ' : '';
    return { ...(code === undefined ? {} : { code }), message: `${prefix}${message}` };
}

;// CONCATENATED MODULE: ./build/src/local/faults/program.js


const NOTHING = {};
/** The program of a start: the first of the script's that fits; one that does nothing and ends well where none does. */
function programOf({ programs = [] }, { replica, trial, attempt }) {
    const fits = (wanted, found) => wanted === undefined || wanted === found;
    return (programs.find((program) => fits(program.replica, replica) &&
        fits(program.trial, trial) &&
        fits(program.attempt, attempt)) ?? NOTHING);
}
function occurrence(event, nth) {
    const { atMs = 0, everyMs = 0 } = event;
    return { atMs: atMs + (nth - 1) * everyMs, event, nth };
}
/** Every repetition of every event, in the order of their times; those of one time in the order of the events. */
function* occurrences(events) {
    const waiting = events
        .map((event, index) => ({ next: occurrence(event, 1), index }))
        .sort((left, right) => left.next.atMs - right.next.atMs || left.index - right.index);
    // Few events repeat and overlap: those that have begun are looked through, the rest stand in order.
    const begun = [];
    for (let at = 0; at < waiting.length || begun.length > 0;) {
        const fresh = waiting[at];
        const first = begun.reduce((best, each) => (best === undefined || isBefore(each, best) ? each : best), fresh);
        if (first === undefined)
            return;
        yield first.next;
        const { event, nth } = first.next;
        if (first === fresh) {
            at += 1;
            if ((event.times ?? 1) > nth)
                begun.push(first);
        }
        else if ((event.times ?? 1) <= nth) {
            begun.splice(begun.indexOf(first), 1);
        }
        first.next = occurrence(event, nth + 1);
    }
}
const isBefore = (left, right) => left.next.atMs < right.next.atMs || (left.next.atMs === right.next.atMs && left.index < right.index);
/** When the program ends by itself; undefined for one that never does. */
function exitMs({ events = [], exit }) {
    if (exit === 'never')
        return undefined;
    const last = events.map(({ atMs = 0, everyMs = 0, times = 1 }) => atMs + (times - 1) * everyMs);
    return exit?.atMs ?? last.reduce((latest, each) => Math.max(latest, each), 0);
}
/** The log entries that an occurrence makes: a line of output each, as the service reads it; `startMs` is the program's start. */
function contentsOf({ event, nth, atMs }, startMs) {
    const stream = event.stderr === undefined ? 'stdout' : 'stderr';
    const text = event.stderr ?? event.stdout;
    if (text !== undefined) {
        return text
            .replaceAll('{n}', String(nth))
            .split('\n')
            .map((line) => lineContent(line, stream));
    }
    if (event.entry === undefined)
        return [];
    const { severity = 'DEFAULT', textPayload, jsonPayload, agoMs } = event.entry;
    const payload = jsonPayload === undefined ? { textPayload: textPayload ?? '' } : { jsonPayload };
    return [{ severity, ...payload, ...(agoMs === undefined ? {} : { timestamp: timestampOf(startMs + atMs - agoMs) }) }];
}
/** The lines that cloudml-hypertune writes for an occurrence that measures; `startMs` is the program's start. */
function reportLines({ atMs, event }, startMs, trial) {
    return Object.entries(event.measure ?? {}).map(([metric, value]) => JSON.stringify({
        checkpoint_path: '',
        global_step: String(event.step ?? 0),
        [metric]: String(value),
        timestamp: (startMs + atMs) / 1000,
        trial,
    }));
}

;// CONCATENATED MODULE: ./build/src/local/faults/replicas.js








/** Lines are put into the log by so many, and other work has its turn in between. */
const MOST_AT_ONCE = 1_000;
/** cloudml-hypertune keeps the last hundred. */
const MOST_REPORTS = 100;
/** The exit code of a program that was killed: 128 and the number of SIGKILL. */
const replicas_KILLED = 137;
/** A replica's program from its start to its exit. */
class Player {
    #runtime;
    #performance;
    #replica;
    #program;
    #startMs;
    #lines = [];
    #reports = [];
    constructor(runtime, performance, replica, attempt, startMs) {
        this.#runtime = runtime;
        this.#performance = performance;
        this.#replica = replica;
        this.#startMs = startMs;
        const trial = performance.run.job.trialId;
        this.#program = programOf(performance.script, { replica, trial, attempt });
    }
    /** Gives how the program ended. Throws `Preempted`, and the signal's reason. */
    async play() {
        const { events = [], exit } = this.#program;
        const end = exitMs(this.#program);
        const due = occurrences(events);
        for (let next = due.next(); !next.done; next = due.next()) {
            const { value } = next;
            if (end !== undefined && value.atMs > end)
                break;
            await this.#until(value.atMs);
            await this.#perform(value);
        }
        if (end === undefined)
            return this.#forever();
        await this.#until(end);
        this.#flush();
        const { code = 0, outOfMemory = false } = exit === 'never' ? {} : (exit ?? {});
        return { exitCode: outOfMemory && code === 0 ? replicas_KILLED : code, oomKilled: outOfMemory };
    }
    async #perform(occurrence) {
        const { event, atMs } = occurrence;
        this.#lines.push(...contentsOf(occurrence, this.#startMs));
        if (this.#lines.length >= MOST_AT_ONCE) {
            this.#flush();
            await (0,external_node_timers_promises_namespaceObject.setImmediate)();
            this.#performance.signal.throwIfAborted();
        }
        if (event.measure !== undefined)
            await this.#report(occurrence);
        if (event.write !== undefined)
            await this.#write(event.write, this.#startMs + atMs);
        if (event.preempt === undefined)
            return;
        this.#flush();
        throw new Preempted(event.preempt, this.#replica, this.#startMs + atMs);
    }
    async #until(atMs) {
        const { clock } = this.#runtime;
        const left = this.#startMs + atMs - clock.now();
        if (left <= 0)
            return;
        this.#flush();
        await sleepLong(clock, left, this.#performance.signal);
    }
    async #forever() {
        this.#flush();
        for (;;)
            await sleepLong(this.#runtime.clock, Number.MAX_SAFE_INTEGER, this.#performance.signal);
    }
    #flush() {
        const { source } = this.#performance.run;
        this.#runtime.logs.append({ ...source, task: this.#replica }, this.#lines);
        this.#lines = [];
    }
    /** Reports as cloudml-hypertune does, where the job is a trial's: the service reads metrics of no other. */
    async #report(occurrence) {
        const { jobId, trialId } = this.#performance.run.job;
        if (trialId === undefined)
            return;
        this.#reports = [...this.#reports, ...reportLines(occurrence, this.#startMs, trialId)].slice(-MOST_REPORTS);
        const folder = await this.#runtime.folders.metrics(jobId, this.#replica);
        await (0,promises_namespaceObject.writeFile)((0,external_node_path_namespaceObject.join)(folder, 'output.metrics'), `${this.#reports.join('\n')}\n`);
    }
    async #write({ path, text }, atMs) {
        const base = this.#performance.run.job.spec.baseOutputDirectory?.outputUriPrefix ?? '';
        const bucket = bucketOf(base);
        if (bucket === undefined)
            return;
        const gcs = await this.#runtime.folders.buckets([bucket]);
        const file = (0,external_node_path_namespaceObject.join)(gcs, base.slice('gs://'.length), path);
        // The folder that the job names may climb; a program could go no further than its bucket.
        if (!file.startsWith((0,external_node_path_namespaceObject.join)(gcs, bucket, external_node_path_namespaceObject.sep)))
            return;
        await (0,promises_namespaceObject.mkdir)((0,external_node_path_namespaceObject.dirname)(file), { recursive: true });
        await (0,promises_namespaceObject.writeFile)(file, text);
        // A microsecond more: seconds in binary may else come out below the millisecond.
        const seconds = (atMs + 0.001) / 1000;
        await (0,promises_namespaceObject.utimes)(file, seconds, seconds);
    }
}
/** Plays a replica's program, from the start again whenever its own machine is taken. */
async function playOn(runtime, performance, replica) {
    let { startMs, attempt } = performance;
    for (;;) {
        try {
            return await new Player(runtime, performance, replica, attempt, startMs).play();
        }
        catch (error) {
            if (!(error instanceof Preempted) || error.how !== 'replica')
                throw error;
            attempt += 1;
            if (attempt > performance.attempt + MOST_RESTARTS)
                throw new Preempted('fail', replica, error.atMs);
            startMs = error.atMs + (performance.script.restartMs ?? 0);
            await sleepLong(runtime.clock, startMs - runtime.clock.now(), performance.signal);
        }
    }
}
/** Plays all replicas until one decides the job, as containers do. Throws `Preempted`, and the signal's reason. */
async function perform(runtime, performance) {
    const over = new AbortController();
    const own = { ...performance, signal: AbortSignal.any([performance.signal, over.signal]) };
    const decisions = seatsOf(performance.run.job.spec).map(async (seat, index) => {
        const replica = replicaName(seat);
        const exit = await playOn(runtime, own, replica);
        if (index > 0 && exit.exitCode === 0)
            return new Promise(() => { });
        return { replica, exit };
    });
    try {
        return await Promise.race(decisions);
    }
    finally {
        over.abort();
    }
}

;// CONCATENATED MODULE: ./build/src/local/validation/findings.js

const REQUIRED = 'Required field is not set.';
/** The findings of a part, told from the whole. */
function under(path, findings) {
    return findings.map(({ field, message }) => ({ field: `${path}.${field}`, message }));
}
/** What a rule says of a field that breaks it. */
function findingUnless(holds, field, message) {
    return holds ? [] : [{ field, message }];
}
/** A request with more faults is told so many of them: an answer stays of a size that clients take. */
const MOST_FAULTS = 1000;
/**
 * Refuses the request if anything was found, in the API's own form: the message numbers the findings, separated by tabs, and
 * the details hold them one by one (as clients printed them of the real service).
 */
function refuse(findings) {
    if (findings.length === 0)
        return;
    const told = findings.slice(0, MOST_FAULTS);
    const lines = told.map(({ field, message }, index) => `${index + 1}.Field: ${field}; Message: ${message}\t`);
    const fieldViolations = told.map(({ field, message }) => ({ field, description: message }));
    throw new ApiError('INVALID_ARGUMENT', `List of found errors:\t${lines.join('')}`, [badRequest(fieldViolations)]);
}
/** google.rpc.BadRequest, as an error's details hold it. */
function badRequest(fieldViolations) {
    return { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations };
}

;// CONCATENATED MODULE: ./build/src/local/validation/names.js

const LABEL_COUNT = 'There can be no more than 64 labels attached to a single resource.';
const LABEL_RULE = 'Label keys and values can only contain lowercase letters, numbers, dashes and underscores. Label keys must start with ' +
    'a letter or number. Both have at most 64 characters, and must be less than 128 bytes in length when encoded in UTF-8.';
function isLabelText(text) {
    return [...text].length <= 64 && Buffer.byteLength(text) < 128 && !/[^\p{Ll}\p{Lo}\p{N}_-]/u.test(text);
}
/**
 * What the rules of labels refuse: the protos' comments, and the text that the service was seen to give, which knows of the
 * first character and of the bytes.
 */
function labelFindings(labels = {}) {
    const entries = Object.entries(labels);
    if (entries.length > 64)
        return [{ field: 'labels', message: `${LABEL_COUNT} ${LABEL_RULE}` }];
    const good = entries.every(([key, value]) => /^[\p{Ll}\p{Lo}\p{N}]/u.test(key) && isLabelText(key) && isLabelText(value));
    return findingUnless(good, 'labels', LABEL_RULE);
}
/** A display name has up to 128 characters (the protos' comments). */
function nameFindings(displayName) {
    const isShort = [...displayName].length <= 128;
    return findingUnless(isShort, 'display_name', 'The display name can be up to 128 characters long.');
}
const KEY = /^projects\/[^/\s]+\/locations\/[^/\s]+\/keyRings\/[^/\s]+\/cryptoKeys\/[^/\s]+$/;
function encryptionFindings(encryptionSpec) {
    const name = encryptionSpec?.kmsKeyName;
    const message = 'A key of the form `projects/{project}/locations/{location}/keyRings/{key_ring}/cryptoKeys/{key}` is required.';
    return findingUnless(name === undefined || KEY.test(name), 'encryption_spec.kms_key_name', message);
}
/** What the rules of a resource's name, labels and key refuse; which of them are required is another rule. */
function namedFindings({ displayName, labels, encryptionSpec }) {
    return [...nameFindings(displayName ?? ''), ...labelFindings(labels), ...encryptionFindings(encryptionSpec)];
}

;// CONCATENATED MODULE: ./build/src/local/validation/scalars.js

/** Stands for a value that is left out. */
const DROP = Symbol('dropped');
/** A longer value is cut where a refusal shows it. */
const MOST_SHOWN = 1000;
/** JSON has no infinite numbers, but a number too large for a double is read as one. */
function scalars_shown(value) {
    const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'undefined');
    return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
}
/** Notes that a value is not of its type, in the words of Google's front end. */
function wrong(value, type, { path, violations }) {
    const where = path === '' ? '' : ` at '${path}'`;
    violations.push({ field: path, description: `Invalid value${where} (${type}), ${scalars_shown(value)}` });
    return DROP;
}
const INT64 = 2n ** 63n;
function int64(value, reading) {
    const text = typeof value === 'number' && Number.isInteger(value) ? String(BigInt(value)) : value;
    if (typeof text !== 'string' || !/^-?\d{1,19}$/.test(text))
        return wrong(value, 'TYPE_INT64', reading);
    const number = BigInt(text);
    return number >= -INT64 && number < INT64 ? String(number) : wrong(value, 'TYPE_INT64', reading);
}
const INT32 = 2 ** 31;
function int32(value, reading) {
    const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
    const fits = typeof number === 'number' && Number.isInteger(number) && number >= -INT32 && number < INT32;
    return fits ? number : wrong(value, 'TYPE_INT32', reading);
}
/** A number, or its text. What is not finite is refused: no field of these resources has a meaning for it. */
function scalars_double(value, reading) {
    const isText = typeof value === 'string' && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value);
    const number = isText ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : wrong(value, 'TYPE_DOUBLE', reading);
}
function bool(value, reading) {
    return typeof value === 'boolean' ? value : wrong(value, 'TYPE_BOOL', reading);
}
function string(value, reading) {
    if (typeof value !== 'string')
        return wrong(value, 'TYPE_STRING', reading);
    return value === '' ? DROP : value;
}
function scalars_textOf(type, isValid) {
    return (value, reading) => typeof value === 'string' && isValid(value) ? value : wrong(value, `type.googleapis.com/${type}`, reading);
}
function listValue(value, reading) {
    return Array.isArray(value) ? value : wrong(value, 'type.googleapis.com/google.protobuf.ListValue', reading);
}
/** proto3 JSON's times have a zone; without one, which filters may do, they are none. */
const isTime = (text) => /[Zz]$|[+-]\d\d:\d\d$/.test(text) && nanosOf(text) !== undefined;
/** How a value of protobuf's own types is read (proto3 JSON). Wrapped ones have a presence, so false is kept. */
const SCALARS = new Map([
    ['string', string],
    ['bool', (value, reading) => bool(value, reading) || DROP],
    ['int32', int32],
    ['int64', int64],
    ['double', scalars_double],
    ['float', scalars_double],
    ['google.protobuf.BoolValue', bool],
    ['google.protobuf.Int32Value', int32],
    ['google.protobuf.Duration', scalars_textOf('google.protobuf.Duration', (text) => durationMs(text) !== undefined)],
    ['google.protobuf.Timestamp', scalars_textOf('google.protobuf.Timestamp', isTime)],
    ['google.protobuf.ListValue', listValue],
    ['google.protobuf.Value', (value) => value],
]);
/** About 10,000 years (duration.proto). */
const LONGEST_SECONDS = 315_576_000_000;
/** The milliseconds of a protobuf duration (`"3600s"`, up to nine decimals), or undefined when it is none. */
function durationMs(text) {
    const found = /^(-?\d{1,12}(?:\.\d{1,9})?)s$/.exec(text);
    const seconds = Number(found?.[1] ?? Number.NaN);
    return Math.abs(seconds) <= LONGEST_SECONDS ? seconds * 1000 : undefined;
}

;// CONCATENATED MODULE: ./build/src/local/validation/snake-case.js
/** `displayName` as `display_name`; what is snake_case already stays. */
function toSnake(name) {
    return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

;// CONCATENATED MODULE: ./build/src/local/validation/normalise.js






const PACKAGE = 'type.googleapis.com/google.cloud.aiplatform.v1';
/** 0, the unspecified value, is dropped: proto3 JSON leaves it out. */
function enumName(value, type, values, reading) {
    const found = Object.entries(values).find(([name, number]) => value === name || value === number);
    if (found === undefined)
        return wrong(value, `${PACKAGE}.${type}`, reading);
    return found[1] === 0 ? DROP : found[0];
}
/** The field of that name; never a property that all objects have. */
function fieldOf(fields, name) {
    return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
/** protobuf's parsers go no deeper. */
const normalise_DEEPEST = 100;
/** Whether lists and objects are within one another more than `DEEPEST` times; without recursion, which would not come back. */
function normalise_isTooDeep(body) {
    let level = [body];
    for (let depth = 0; level.length > 0; depth += 1) {
        if (depth > normalise_DEEPEST)
            return true;
        level = level.flatMap((value) => typeof value === 'object' && value !== null
            ? Object.values(value).filter((inner) => typeof inner === 'object' && inner !== null)
            : []);
    }
    return false;
}
/** For each oneof that more than one of the keys, as they came, belongs to: what the service says of the second. */
function clashes(keys, fields, where) {
    const taken = new Map();
    return keys.flatMap((key) => {
        const name = camelCase(key);
        const { oneof } = fieldOf(fields, name) ?? {};
        if (oneof === undefined)
            return [];
        const before = taken.get(oneof) ?? name;
        taken.set(oneof, before);
        if (before === name)
            return [];
        return [`Invalid value${where} (oneof), oneof field '${toSnake(oneof)}' is already set. Cannot set '${key}'`];
    });
}
const LISTS = new Set(['google.protobuf.Value', 'google.protobuf.ListValue']);
const takesList = ({ type, repeated, key, behavior }) => repeated === true || key !== undefined || behavior === 'OUTPUT_ONLY' || LISTS.has(type);
function message(value, type, fields, { path, violations }) {
    if (!isRecord(value))
        return wrong(value, `${PACKAGE}.${type}`, { path, violations });
    const where = path === '' ? '' : ` at '${path}'`;
    const given = Object.entries(value).filter(([, item]) => item !== undefined);
    const entries = [];
    for (const [key, item] of given) {
        const name = camelCase(key);
        const field = fieldOf(fields, name);
        if (field === undefined) {
            const description = `Invalid JSON payload received. Unknown name "${key}"${where}: Cannot find field.`;
            violations.push({ field: path, description });
            continue;
        }
        if (Array.isArray(item) && !takesList(field)) {
            const description = `Invalid JSON payload received. Unknown name "${key}"${where}: Proto field is not repeating, cannot start list.`;
            violations.push({ field: path, description });
            continue;
        }
        const inner = path === '' ? toSnake(name) : `${path}.${toSnake(name)}`;
        const read = fieldValue(item, field, { path: inner, violations });
        if (read !== DROP)
            entries.push([name, read]);
    }
    const set = given.filter(([, item]) => item !== null).map(([key]) => key);
    violations.push(...clashes(set, fields, where).map((description) => ({ field: path, description })));
    return Object.fromEntries(entries);
}
function single(value, type, reading) {
    const scalar = SCALARS.get(type);
    if (scalar !== undefined)
        return scalar(value, reading);
    const values = enumSchema(type);
    if (values !== undefined)
        return enumName(value, type, values, reading);
    return message(value, type, messageSchema(type) ?? {}, reading);
}
/** An item stays also where it holds only default values: an empty pool keeps its position, an empty argument counts. */
function item(value, type, reading) {
    const read = single(value, type, reading);
    if (read !== DROP)
        return read;
    const [unset = ''] = Object.keys(enumSchema(type) ?? {});
    return type === 'bool' ? false : unset;
}
/** A value on its own is a list of one, as protobuf's own converter of JSON reads it. */
function list(value, type, { path, violations }) {
    if (!Array.isArray(value))
        return [item(value, type, { path, violations })];
    const items = value.map((each, index) => item(each, type, { path: `${path}[${index}]`, violations }));
    return items.length === 0 ? DROP : items;
}
function map(value, type, { path, violations }) {
    if (!isRecord(value))
        return wrong(value, 'TYPE_MAP', { path, violations });
    const entries = Object.entries(value).map(([key, each]) => [key, item(each, type, { path: `${path}.${key}`, violations })]);
    return entries.length === 0 ? DROP : Object.fromEntries(entries);
}
function fieldValue(value, field, reading) {
    // Output-only fields come with what clients send back as they read it.
    if (value === null || field.behavior === 'OUTPUT_ONLY')
        return DROP;
    if (field.key !== undefined)
        return map(value, field.type, reading);
    return field.repeated ? list(value, field.type, reading) : single(value, field.type, reading);
}
/**
 * What a client sent as a message of the API, in the one form that answers use (proto3 JSON): camelCase names, enums by
 * name, int64 as text, what is unset, empty or false left out, output-only fields dropped. `path` is where in the request
 * it stands; `fields` says which of the message's fields may be set there. Throws INVALID_ARGUMENT with every name and
 * type that does not fit the protos.
 */
function normalise(body, type, path = '', fields = messageSchema(type) ?? {}) {
    const violations = [];
    if (normalise_isTooDeep(body)) {
        throw new ApiError('INVALID_ARGUMENT', 'Invalid JSON payload received. Message too deep. Max recursion depth reached.');
    }
    const read = message(body, type, fields, { path, violations });
    if (violations.length === 0 && isRecord(read))
        return read;
    const told = violations.slice(0, MOST_FAULTS);
    // What is wrong with the whole body has no field.
    const details = told.map(({ field, description }) => (field === '' ? { description } : { field, description }));
    const text = told.map(({ description }) => description).join('\n');
    throw new ApiError('INVALID_ARGUMENT', text, [badRequest(details)]);
}

;// CONCATENATED MODULE: ./build/src/local/validation/pools/machine-types.js

const TYPES = new Map(Object.entries(machines_namespaceObject));
/** `n1-standard-4` is of the family `n1-standard`. */
const familyOf = (name) => name.replace(/-\d+[a-z]?$/, '');
const FAMILIES = new Set([...TYPES.keys()].map(familyOf));
/** `family-class-size`, and what may follow it. */
const FORM = /^[a-z][a-z0-9]*-[a-z]+-\d+[a-z]?(?:-[a-z0-9]+)*$/;
/** The machine type of that name; undefined where the catalog has none. */
const machineType = (name) => TYPES.get(name);
/**
 * Whether the service is known to refuse a machine type: it is spelled like none, or its family is offered in other sizes,
 * as `n1-standard-1` (docs, training/configure-compute). A family that the catalog does not know may be newer than it.
 */
function isUnsupported(name) {
    return !TYPES.has(name) && (!FORM.test(name) || FAMILIES.has(familyOf(name)));
}

;// CONCATENATED MODULE: ./build/src/local/validation/pools/machine.js


const PAIR = 'Both `accelerator_type` and `accelerator_count` should be specified or none.';
/**
 * What the rules of MachineSpec refuse (machine_resources.proto, docs training/configure-compute). This service takes a
 * pool that says nothing of its machine as one that runs here.
 */
function machineFindings(machine, field) {
    if (Object.keys(machine).length === 0)
        return [];
    const row = machineType(machine.machineType ?? '');
    return [
        ...findingUnless(machine.machineType !== undefined, `${field}.machine_type`, REQUIRED),
        ...(row?.tpuTopologies === undefined ? acceleratorFindings(machine, row, field) : []),
        ...topologyFindings(machine, row, field),
    ];
}
function acceleratorFindings(machine, row, field) {
    const { machineType: name = '', acceleratorType, acceleratorCount = 0 } = machine;
    if ((acceleratorType === undefined) !== (acceleratorCount === 0)) {
        return [{ field: `${field}.accelerator_type`, message: PAIR }];
    }
    if (acceleratorType === undefined) {
        const message = `Machine type "${name}" always has accelerators, which must be specified: ${offer(row)}.`;
        return findingUnless(row?.acceleratorRequired !== true, `${field}.accelerator_type`, message);
    }
    const at = `${field}.accelerator_count`;
    if (acceleratorCount < 1)
        return [{ field: at, message: 'Must be at least 1.' }];
    const counts = row?.accelerators[acceleratorType];
    // Slices of Cloud TPUs come in more sizes than the catalog lists.
    if (counts === undefined || counts.includes(acceleratorCount) || name === 'cloud-tpu')
        return [];
    const message = `Machine type "${name}" supports ${counts.join(', ')} of accelerator "${acceleratorType}", not ${acceleratorCount}.`;
    return [{ field: at, message }];
}
function offer(row) {
    const pairs = Object.entries(row?.accelerators ?? {});
    return pairs.map(([type, counts]) => `${counts.join(' or ')} of ${type}`).join('; ');
}
/** A TPU machine takes its accelerators by topology (docs training/training-with-tpu-vm); any other has none. */
function topologyFindings(machine, row, field) {
    const { machineType: name, tpuTopology, acceleratorType, acceleratorCount = 0 } = machine;
    const at = `${field}.tpu_topology`;
    if (row === undefined)
        return [];
    if (row.tpuTopologies === undefined) {
        return findingUnless(tpuTopology === undefined, at, `Machine type "${name}" has no TPU topology.`);
    }
    const topologies = Object.keys(row.tpuTopologies).join(', ');
    const bare = acceleratorType === undefined && acceleratorCount === 0;
    const message = `Machine type "${name}" has its TPUs by \`tpu_topology\`, without an accelerator type and count.`;
    return [
        ...findingUnless(bare, `${field}.accelerator_type`, message),
        ...findingUnless(tpuTopology !== undefined, at, `Machine type "${name}" needs a TPU topology: ${topologies}.`),
    ];
}
/** Whether the machine has TPUs. */
function isTpu({ machineType: name = '', tpuTopology }) {
    return tpuTopology !== undefined || name === 'cloud-tpu' || machineType(name)?.tpuTopologies !== undefined;
}
/** Whether the TPUs of a slice are on more than one machine, which makes it a pod. */
function isTpuPod({ machineType: name = '', tpuTopology = '', acceleratorCount = 0 }) {
    const vms = machineType(name)?.tpuTopologies?.[tpuTopology]?.vms ?? 1;
    return vms > 1 || (name === 'cloud-tpu' && acceleratorCount > 8);
}
/**
 * Why the service has no such machine, in the one sentence that it gives in place of a list; undefined where it may have
 * one (texts as seen of the real service).
 */
function machineRefusal({ machineType: name, acceleratorType }) {
    if (name === undefined)
        return undefined;
    if (isUnsupported(name))
        return `Machine type "${name}" is not supported.`;
    const row = machineType(name);
    if (row === undefined || row.tpuTopologies !== undefined || acceleratorType === undefined)
        return undefined;
    const carries = Object.hasOwn(row.accelerators, acceleratorType);
    return carries ? undefined : `Accelerator "${acceleratorType}" is not supported for machine type "${name}"`;
}

;// CONCATENATED MODULE: ./build/src/local/validation/required.js




/**
 * Fields that the protos call required and that do without: an unset goal is to maximise (study.proto), and a variable may
 * be empty.
 */
const OPTIONAL = new Set(['EnvVar.value', 'StudySpec.MetricSpec.goal']);
/** proto3 cannot tell a number that is missing from 0, which is a value as good as any. */
const NUMBERS = new Set(['int32', 'int64', 'double', 'float', 'bool']);
function isNeeded(message, name, { behavior, type, repeated }) {
    if (behavior !== 'REQUIRED' || OPTIONAL.has(`${message}.${name}`))
        return false;
    return repeated === true || !NUMBERS.has(type);
}
/**
 * Every field that the protos call required and a message in the form of answers lacks, those of the messages within it
 * included. `path` is the message's own, empty for the resource that is asked for.
 */
function requiredFindings(message, type, path = '') {
    if (!isRecord(message))
        return [];
    return Object.entries(messageSchema(type) ?? {}).flatMap(([name, field]) => {
        const at = path === '' ? toSnake(name) : `${path}.${toSnake(name)}`;
        const value = Object.hasOwn(message, name) ? message[name] : undefined;
        if (value === undefined)
            return isNeeded(type, name, field) ? [{ field: at, message: REQUIRED }] : [];
        return innerFindings(value, field, at);
    });
}
function innerFindings(value, { type, key }, path) {
    if (messageSchema(type) === undefined)
        return [];
    if (key !== undefined && isRecord(value)) {
        return Object.entries(value).flatMap(([name, each]) => requiredFindings(each, type, `${path}.${name}`));
    }
    if (!Array.isArray(value))
        return requiredFindings(value, type, path);
    return value.flatMap((each, index) => requiredFindings(each, type, `${path}[${index}]`));
}

;// CONCATENATED MODULE: ./build/src/local/validation/pools/disk.js

const disk_TYPES = ['pd-ssd', 'pd-standard', 'hyperdisk-balanced'];
const SMALLEST_GB = 100;
const LARGEST_GB = 64_000;
/** What the rules of DiskSpec refuse: the types and sizes that machine_resources.proto names. 0 is the default size. */
function diskFindings({ bootDiskType, bootDiskSizeGb = 0 }, field) {
    const isType = bootDiskType === undefined || disk_TYPES.includes(bootDiskType);
    const isSize = bootDiskSizeGb === 0 || (bootDiskSizeGb >= SMALLEST_GB && bootDiskSizeGb <= LARGEST_GB);
    return [
        ...findingUnless(isType, `${field}.boot_disk_type`, `The boot disk type must be one of ${disk_TYPES.join(', ')}.`),
        ...findingUnless(isSize, `${field}.boot_disk_size_gb`, `The boot disk size must be between ${SMALLEST_GB} and ${LARGEST_GB} GB.`),
    ];
}

;// CONCATENATED MODULE: ./build/src/local/validation/pools/program.js


const MOST_ENV = 100;
const MOST_PACKAGES = 100;
const MOST_ARGUMENT_CHARACTERS = 100_000;
/** Whether the name can be an image's; what passes is safe as a path of the engine's API. */
function isImageUri(uri) {
    return /^[A-Za-z0-9][\w./:@-]*$/.test(uri) && !uri.includes('..') && !uri.includes('//');
}
/** What the form of an image's URI refuses; that it is required is another rule. */
function imageFindings(uri, field) {
    return findingUnless(uri === undefined || isImageUri(uri), field, 'A valid image URI is required.');
}
/** What the rules of variables refuse: names are C identifiers (env_var.proto), each once. */
function envFindings(env, field) {
    const names = env.map(({ name }) => name).filter((name) => name !== undefined);
    return [
        ...findingUnless(new Set(names).size === names.length, field, 'EnvVar names must be unique.'),
        ...env.flatMap(({ name }, index) => findingUnless(name === undefined || /^[A-Za-z_]\w*$/.test(name), `${field}[${index}].name`, 'EnvVar name must be a valid C identifier.')),
    ];
}
/** What holds for arguments and variables of both kinds of program (custom_job.proto, docs create-training-pipeline). */
function commonFindings({ args = [], env = [] }, field) {
    const length = args.reduce((sum, arg) => sum + arg.length, 0);
    return [
        ...findingUnless(length <= MOST_ARGUMENT_CHARACTERS, `${field}.args`, `All arguments together can have at most ${MOST_ARGUMENT_CHARACTERS} characters.`),
        ...findingUnless(env.length <= MOST_ENV, `${field}.env`, `At most ${MOST_ENV} environment variables can be set.`),
        ...envFindings(env, `${field}.env`),
    ];
}
/** What the rules of ContainerSpec refuse. */
function containerFindings(container, field) {
    return [...imageFindings(container.imageUri, `${field}.image_uri`), ...commonFindings(container, field)];
}
/**
 * What the rules of PythonPackageSpec refuse. That the image is one of the service's own is not asked: any image with Python
 * and pip can run a package here.
 */
function packageFindings(spec, field) {
    const { executorImageUri, packageUris = [] } = spec;
    const isObject = (uri) => bucketOf(uri) !== undefined && /^gs:\/\/[^/]+\/.*[^/]$/s.test(uri);
    return [
        ...imageFindings(executorImageUri, `${field}.executor_image_uri`),
        ...findingUnless(packageUris.length <= MOST_PACKAGES, `${field}.package_uris`, `At most ${MOST_PACKAGES} package URIs can be set.`),
        ...packageUris.flatMap((uri, index) => findingUnless(isObject(uri), `${field}.package_uris[${index}]`, 'A Cloud Storage URI of a file (gs://bucket/path) is required.')),
        ...commonFindings(spec, field),
    ];
}

;// CONCATENATED MODULE: ./build/src/local/validation/pools/reservation.js

const reservation_KEY = 'compute.googleapis.com/reservation-name';
const reservation_NAME = /^projects\/[^/\s]+\/zones\/[^/\s]+\/reservations\/[^/\s]+$/;
const reservation_FORM = 'A reservation of the form `projects/{project}/zones/{zone}/reservations/{reservation}` is required.';
/** What the rules of ReservationAffinity refuse, its type aside (reservation_affinity.proto, docs training/use-reservations). */
function reservationFindings(affinity, field) {
    const { reservationAffinityType, key, values = [] } = affinity;
    if (reservationAffinityType !== 'SPECIFIC_RESERVATION')
        return [];
    return [
        ...findingUnless(key === reservation_KEY, `${field}.key`, `A specific reservation is named by the key \`${reservation_KEY}\`.`),
        ...findingUnless(values.length > 0, `${field}.values`, REQUIRED),
        ...values.flatMap((value, index) => findingUnless(reservation_NAME.test(value), `${field}.values[${index}]`, reservation_FORM)),
    ];
}

;// CONCATENATED MODULE: ./build/src/local/validation/pools/pools.js





/** A job of more replicas than this service can start is refused; what the real one takes at most is not known. */
const MOST_REPLICAS = 1000n;
/** A later pool's position is skipped by one that holds nothing (custom_job.proto). */
function isEmpty(pool) {
    return Object.entries(pool).every(([name, value]) => (name === 'replicaCount' && value === '0') || Object.keys(value).length === 0);
}
function programFindings({ containerSpec, pythonPackageSpec }, path) {
    if (pythonPackageSpec !== undefined)
        return packageFindings(pythonPackageSpec, `${path}.python_package_spec`);
    if (containerSpec !== undefined)
        return containerFindings(containerSpec, `${path}.container_spec`);
    return [{ field: `${path}.container_spec`, message: REQUIRED }];
}
function replicaFindings({ replicaCount = '1' }, index, path) {
    const count = BigInt(replicaCount);
    const field = `${path}.replica_count`;
    if (index === 0)
        return findingUnless(count === 1n, field, 'Replica count of the first worker pool must be 1.');
    return findingUnless(count >= 1n, field, 'Replica count must be at least 1.');
}
function poolFindings(spec, pool, index, field) {
    if (index > 0 && isEmpty(pool))
        return [];
    const path = `${field}.worker_pool_specs[${index}]`;
    const { machineSpec = {}, diskSpec = {}, nfsMounts = [] } = pool;
    const hasNetwork = nfsMounts.length === 0 || spec.network !== undefined;
    return [
        ...programFindings(pool, path),
        ...machineFindings(machineSpec, `${path}.machine_spec`),
        ...affinityFindings(spec, pool, `${path}.machine_spec.reservation_affinity`),
        ...diskFindings(diskSpec, `${path}.disk_spec`),
        ...findingUnless(hasNetwork, `${path}.nfs_mounts`, 'NFS mounts need `network` to be set.'),
        ...replicaFindings(pool, index, path),
    ];
}
function affinityFindings({ persistentResourceId }, pool, field) {
    const affinity = pool.machineSpec?.reservationAffinity;
    if (affinity === undefined)
        return [];
    const both = persistentResourceId !== undefined && affinity.reservationAffinityType !== 'NO_RESERVATION';
    return [
        ...reservationFindings(affinity, field),
        ...findingUnless(!both, field, 'A reservation cannot be used with a persistent resource.'),
    ];
}
/** What the rules of the worker pools refuse; `field` is the path of the spec. */
function poolsFindings(spec, field) {
    const pools = spec.workerPoolSpecs ?? [];
    const used = pools.filter((pool, index) => index === 0 || !isEmpty(pool));
    const oneSlice = used.length <= 1 || !used.some(({ machineSpec = {} }) => isTpu(machineSpec));
    const replicas = used.reduce((sum, { replicaCount = '1' }) => sum + BigInt(replicaCount), 0n);
    const message = `This service starts at most ${MOST_REPLICAS} replicas for a job.`;
    return [
        ...pools.flatMap((pool, index) => poolFindings(spec, pool, index, field)),
        ...findingUnless(replicas <= MOST_REPLICAS, `${field}.worker_pool_specs`, message),
        ...findingUnless(oneSlice, `${field}.worker_pool_specs`, 'A job on TPUs has one worker pool.'),
    ];
}

;// CONCATENATED MODULE: ./build/src/local/validation/references.js


const CONTEXT = /^projects\/[^/\s]+\/locations\/[^/\s]+\/metadataStores\/[^/\s]+\/contexts\/[^/\s]+$/;
/** How custom_job.proto has the names of other resources; the text of the persistent resource's id as it was seen. */
const REFERENCES = [
    {
        name: 'network',
        field: 'network',
        form: /^projects\/\d+\/global\/networks\/[a-z](?:[a-z0-9-]*[a-z0-9])?$/,
        message: 'A network of the form `projects/{project}/global/networks/{network}` is required, where {project} is a project number.',
    },
    {
        name: 'tensorboard',
        field: 'tensorboard',
        form: /^projects\/[^/\s]+\/locations\/[^/\s]+\/tensorboards\/[^/\s]+$/,
        message: 'A name of the form `projects/{project}/locations/{location}/tensorboards/{tensorboard}` is required.',
    },
    {
        name: 'serviceAccount',
        field: 'service_account',
        form: /^[^@/\s]+@[^@/\s]+\.[^@/\s]+$|^\d+$/,
        message: 'The email address of a service account is required.',
    },
    {
        name: 'persistentResourceId',
        field: 'persistent_resource_id',
        form: /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/,
        message: 'persistent_resource_id can only contain numbers, lower case letters and hyphens. The first character must be a letter, and the last character must be a letter or number.',
    },
];
/** What the forms of names in CustomJobSpec refuse; `field` is the path of the spec. */
function referenceFindings(spec, field) {
    return [
        ...REFERENCES.flatMap(({ name, field: own, form, message }) => {
            const value = spec[name];
            return findingUnless(value === undefined || form.test(value), `${field}.${own}`, message);
        }),
        ...contextFindings(spec, field),
        ...domainFindings(spec, field),
        ...outputFindings(spec, field),
    ];
}
function contextFindings(spec, field) {
    const message = 'A name of the form `projects/{project}/locations/{location}/metadataStores/{metadata_store}/contexts/{context}` is required.';
    const isContext = (name) => name === undefined || CONTEXT.test(name);
    return [
        ...findingUnless(isContext(spec.experiment), `${field}.experiment`, message),
        ...findingUnless(isContext(spec.experimentRun), `${field}.experiment_run`, message),
    ];
}
/** The domain of a DNS peering ends with a dot (service_networking.proto). */
function domainFindings({ pscInterfaceConfig }, field) {
    const configs = pscInterfaceConfig?.dnsPeeringConfigs ?? [];
    return configs.flatMap(({ domain = '.' }, index) => findingUnless(domain.endsWith('.'), `${field}.psc_interface_config.dns_peering_configs[${index}].domain`, 'The domain must end with a dot.'));
}
function outputFindings({ baseOutputDirectory }, field) {
    const uri = baseOutputDirectory?.outputUriPrefix;
    return findingUnless(uri === undefined || bucketOf(uri) !== undefined, `${field}.base_output_directory.output_uri_prefix`, 'A Cloud Storage URI (gs://bucket/path) is required.');
}

;// CONCATENATED MODULE: ./build/src/local/validation/scheduling.js



const WEEK_MS = 7 * 86_400_000;
/** What the rules of Scheduling refuse (custom_job.proto; docs training/schedule-jobs-dws, training/use-spot-vms). */
function schedulingFindings(spec, field) {
    const { timeout, maxWaitDuration, strategy } = spec.scheduling ?? {};
    const path = `${field}.scheduling`;
    const wait = durationMs(maxWaitDuration ?? '0s') ?? 0;
    return [
        ...findingUnless(timeout === undefined || (durationMs(timeout) ?? 0) > 0, `${path}.timeout`, 'The timeout must be positive.'),
        ...findingUnless(wait >= 0, `${path}.max_wait_duration`, 'The duration must not be negative.'),
        ...(strategy === 'FLEX_START' ? flexStartFindings(spec, field) : []),
        ...(strategy === 'SPOT' || strategy === 'LOW_COST' ? spotFindings(spec, `${path}.strategy`) : []),
    ];
}
const machinesOf = ({ workerPoolSpecs: pools = [] }) => pools.flatMap(({ machineSpec = {} }) => (Object.keys(machineSpec).length === 0 ? [] : [machineSpec]));
function flexStartFindings(spec, field) {
    const machines = machinesOf(spec);
    const timeout = durationMs(spec.scheduling?.timeout ?? '0s') ?? 0;
    const kinds = machines.map(({ machineType, acceleratorType, acceleratorCount, tpuTopology }) => JSON.stringify([machineType, acceleratorType, acceleratorCount, tpuTopology]));
    const isReserved = machines.some(({ reservationAffinity: affinity }) => affinity !== undefined && affinity.reservationAffinityType !== 'NO_RESERVATION');
    return [
        ...findingUnless(timeout <= WEEK_MS, `${field}.scheduling.timeout`, 'The timeout must not exceed 7 days with strategy FLEX_START.'),
        ...findingUnless(new Set(kinds).size <= 1, `${field}.worker_pool_specs`, 'All worker pools must have the same machine with strategy FLEX_START.'),
        ...findingUnless(!isReserved, `${field}.worker_pool_specs`, 'A reservation cannot be used with strategy FLEX_START.'),
    ];
}
function spotFindings(spec, field) {
    const isPod = machinesOf(spec).some(isTpuPod);
    return findingUnless(!isPod, field, 'Strategy SPOT is not supported for TPU pods.');
}

;// CONCATENATED MODULE: ./build/src/local/validation/spec.js





/** What the rules of CustomJobSpec refuse beside what is required; `field` is the path of the spec in the request. */
function specFindings(spec, field) {
    if (spec === undefined)
        return [];
    return [...poolsFindings(spec, field), ...schedulingFindings(spec, field), ...referenceFindings(spec, field)];
}
/**
 * Refuses a job whose fields are well but whose machines the service does not have: INVALID_ARGUMENT with one sentence of
 * the first of them.
 */
function refuseMachines({ workerPoolSpecs }) {
    const refusal = workerPoolSpecs
        .map(({ machineSpec = {} }) => machineRefusal(machineSpec))
        .find((message) => message !== undefined);
    if (refusal !== undefined)
        throw new ApiError('INVALID_ARGUMENT', refusal);
}

;// CONCATENATED MODULE: ./build/src/local/validation/study/parameter.js

const SPECS = ['doubleValueSpec', 'integerValueSpec', 'categoricalValueSpec', 'discreteValueSpec'];
const MOST_VALUES = 1000;
const LEAST_DISTANCE = 1e-10;
const EMPTY = 'The feasible space is empty: `min_value` must not exceed `max_value`.';
const NAME_RULE = 'Must not contain white space.';
/** What the form of a metric's or a parameter's id refuses (study.proto); that it is required is another rule. */
function idFindings(id, field) {
    return findingUnless(id === undefined || !/\s/.test(id), field, NAME_RULE);
}
/** What the rules of one ParameterSpec refuse, those that depend on it aside (study.proto). */
function parameterFindings(parameter, field, isGrid) {
    const given = SPECS.filter((name) => parameter[name] !== undefined);
    return [
        ...idFindings(parameter.parameterId, `${field}.parameter_id`),
        ...findingUnless(given.length === 1, field, 'Exactly one value spec must be set.'),
        ...doubleFindings(parameter, `${field}.double_value_spec`, isGrid),
        ...integerFindings(parameter, `${field}.integer_value_spec`),
        ...discreteFindings(parameter, `${field}.discrete_value_spec.values`),
        ...scaleFindings(parameter, `${field}.scale_type`),
    ];
}
function doubleFindings({ doubleValueSpec }, field, isGrid) {
    if (doubleValueSpec === undefined)
        return [];
    const { minValue = 0, maxValue = 0 } = doubleValueSpec;
    const message = 'GRID_SEARCH takes integer, categorical and discrete parameters only.';
    return [...findingUnless(minValue <= maxValue, field, EMPTY), ...findingUnless(!isGrid, field, message)];
}
function integerFindings({ integerValueSpec }, field) {
    if (integerValueSpec === undefined)
        return [];
    const [min, max] = [BigInt(integerValueSpec.minValue ?? 0), BigInt(integerValueSpec.maxValue ?? 0)];
    const isSafe = [min, max].every((bound) => Number.isSafeInteger(Number(bound)));
    return [
        ...findingUnless(min <= max, field, EMPTY),
        ...findingUnless(isSafe, field, `This service takes integers of at most ${Number.MAX_SAFE_INTEGER}.`),
    ];
}
function discreteFindings({ discreteValueSpec }, field) {
    const values = discreteValueSpec?.values ?? [];
    const ascends = values.every((value, index) => index === 0 || value - (values[index - 1] ?? value) >= LEAST_DISTANCE);
    return [
        ...findingUnless(values.length <= MOST_VALUES, field, `At most ${MOST_VALUES} discrete values are allowed.`),
        ...findingUnless(ascends, field, `Discrete values must be in increasing order and at least ${LEAST_DISTANCE} apart.`),
    ];
}
/** Log scales, the reverse one too, need a space that is strictly positive. A category's scale means nothing. */
function scaleFindings(parameter, field) {
    const { scaleType, doubleValueSpec, integerValueSpec, discreteValueSpec } = parameter;
    if (scaleType !== 'UNIT_LOG_SCALE' && scaleType !== 'UNIT_REVERSE_LOG_SCALE')
        return [];
    const least = [
        ...(doubleValueSpec === undefined ? [] : [doubleValueSpec.minValue ?? 0]),
        ...(integerValueSpec === undefined ? [] : [Number(integerValueSpec.minValue ?? 0)]),
        ...(discreteValueSpec?.values ?? []),
    ];
    const message = 'A log scale needs a feasible space that is strictly positive.';
    return findingUnless(least.every((value) => value > 0), field, message);
}

;// CONCATENATED MODULE: ./build/src/local/validation/study/metrics.js


/** What the rules of a study's metrics refuse (study.proto). */
function metricsFindings(metrics, field) {
    const hasObjective = metrics.length === 0 || metrics.some(({ safetyConfig }) => safetyConfig === undefined);
    const seen = new Set();
    return [
        ...metrics.flatMap(({ metricId, safetyConfig }, index) => {
            const path = `${field}[${index}]`;
            const { desiredMinSafeTrialsFraction: fraction = 0 } = safetyConfig ?? {};
            const isNew = metricId === undefined || !seen.has(metricId);
            seen.add(metricId ?? '');
            return [
                ...idFindings(metricId, `${path}.metric_id`),
                ...findingUnless(isNew, `${path}.metric_id`, 'Metric ids must be unique.'),
                ...findingUnless(fraction >= 0 && fraction <= 1, `${path}.safety_config.desired_min_safe_trials_fraction`, 'Must be between 0.0 and 1.0.'),
            ];
        }),
        ...findingUnless(hasObjective, field, 'Safety metrics need a separate objective metric.'),
    ];
}

;// CONCATENATED MODULE: ./build/src/local/validation/study/conditional.js

/** Values of a discrete parent match within this (study.proto). */
const EPSILON = 1e-10;
/** A condition on the parent, by the kind of parent that it goes with. */
const CONDITIONS = [
    { name: 'parentDiscreteValues', field: 'parent_discrete_values', parent: 'discreteValueSpec' },
    { name: 'parentIntValues', field: 'parent_int_values', parent: 'integerValueSpec' },
    { name: 'parentCategoricalValues', field: 'parent_categorical_values', parent: 'categoricalValueSpec' },
];
const conditionOf = (child) => CONDITIONS.find(({ name }) => child[name] !== undefined);
/** The parent's values that make the child active, as texts. */
function valuesOf(child) {
    const { parentDiscreteValues, parentIntValues, parentCategoricalValues } = child;
    return (parentDiscreteValues?.values ?? parentIntValues?.values ?? parentCategoricalValues?.values ?? []).map(String);
}
function domainOf({ integerValueSpec, discreteValueSpec, categoricalValueSpec }) {
    if (categoricalValueSpec !== undefined) {
        const categories = new Set(categoricalValueSpec.values);
        return (value) => (categories.has(value) ? value : undefined);
    }
    if (discreteValueSpec !== undefined)
        return nearestOf(discreteValueSpec.values ?? []);
    const [min, max] = [BigInt(integerValueSpec?.minValue ?? 0), BigInt(integerValueSpec?.maxValue ?? 0)];
    return (value) => (BigInt(value) >= min && BigInt(value) <= max ? value : undefined);
}
/** Looked up by halves: both lists may be long. */
function nearestOf(values) {
    const sorted = Float64Array.from(values).sort();
    return (text) => {
        const value = Number(text);
        let [low, high] = [0, sorted.length];
        while (low < high) {
            const middle = (low + high) >> 1;
            if ((sorted[middle] ?? 0) <= value - EPSILON)
                low = middle + 1;
            else
                high = middle;
        }
        const found = sorted[low];
        return found !== undefined && found - value < EPSILON ? String(found) : undefined;
    };
}
/** What the rules of a parameter's conditional ones refuse, each seen with its parent (study.proto). */
function conditionFindings(parent, field) {
    const children = parent.conditionalParameterSpecs ?? [];
    if (children.length === 0)
        return [];
    if (parent.doubleValueSpec !== undefined) {
        const message = 'Only an integer, categorical or discrete parameter can have conditional parameters.';
        return [{ field, message }];
    }
    const wanted = CONDITIONS.find(({ parent: kind }) => parent[kind] !== undefined);
    // Without a value spec the parent is refused itself.
    if (wanted === undefined)
        return [];
    const domain = domainOf(parent);
    const message = `All values must be values of the parent parameter ${JSON.stringify(parent.parameterId)}.`;
    const matching = children.map((child) => conditionOf(child) === wanted);
    const meant = children.map((child, index) => (matching[index] ? valuesOf(child).map(domain) : []));
    return [
        ...children.flatMap((child, index) => {
            const path = `${field}[${index}]`;
            if (!matching[index])
                return [mismatch(conditionOf(child), wanted, path)];
            return findingUnless(meant[index]?.includes(undefined) !== true, `${path}.${wanted.field}.values`, message);
        }),
        ...overlapFindings(children, meant, field),
    ];
}
function mismatch(given, wanted, path) {
    const message = `A condition that matches the type of the parent parameter is required: \`${wanted.field}\`.`;
    return { field: given === undefined ? path : `${path}.${given.field}`, message };
}
/** Two conditional parameters of one name need conditions that share no value of the parent; `meant` has each one's. */
function overlapFindings(children, meant, field) {
    const taken = new Map();
    return children.flatMap(({ parameterSpec }, index) => {
        const id = parameterSpec?.parameterId;
        if (id === undefined)
            return [];
        const before = taken.get(id) ?? new Set();
        taken.set(id, before);
        const values = [...new Set(meant[index])].filter((value) => value !== undefined);
        const isDisjoint = values.every((value) => !before.has(value));
        for (const value of values)
            before.add(value);
        const message = 'Conditional parameters of the same name must have disjoint parent values.';
        return findingUnless(isDisjoint, `${field}[${index}]`, message);
    });
}

;// CONCATENATED MODULE: ./build/src/local/validation/study/parameters.js



function childrenOf({ parameter, path }) {
    return (parameter.conditionalParameterSpecs ?? []).flatMap(({ parameterSpec }, index) => parameterSpec === undefined
        ? []
        : [{ parameter: parameterSpec, path: `${path}.conditional_parameter_specs[${index}].parameter_spec` }]);
}
/** The families of a study, the topmost first. */
function familiesOf(family) {
    return family.length === 0 ? [] : [family, ...family.flatMap((member) => familiesOf(childrenOf(member)))];
}
/**
 * What the rules of a study's parameters refuse, those of conditional ones included (study.proto). Names are unique in the
 * study; only siblings below one parent may share one.
 */
function parametersFindings(parameters, field, isGrid) {
    const top = parameters.map((parameter, index) => ({ parameter, path: `${field}[${index}]` }));
    const families = familiesOf(top);
    return [
        ...families
            .flat()
            .flatMap(({ parameter, path }) => [
            ...parameterFindings(parameter, path, isGrid),
            ...conditionFindings(parameter, `${path}.conditional_parameter_specs`),
        ]),
        ...sharedFindings(families, top),
    ];
}
function sharedFindings(families, top) {
    const taken = new Map();
    return families.flatMap((family) => family.flatMap(({ parameter: { parameterId: id }, path }) => {
        if (id === undefined)
            return [];
        const owner = taken.get(id);
        if (owner === undefined)
            taken.set(id, family);
        const isFree = owner === undefined || (owner === family && family !== top);
        return findingUnless(isFree, `${path}.parameter_id`, 'Parameter ids must be unique.');
    }));
}

;// CONCATENATED MODULE: ./build/src/local/validation/study/stopping.js


const NEGATIVE = 'Must not be negative.';
/** No count of convex stopping is below 0: steps, seconds and measurements are counted (study.proto). */
function convexFindings(stopping, field) {
    const notNegative = (count) => BigInt(count ?? 0) >= 0n;
    return [
        ...findingUnless(notNegative(stopping.maxStepCount), `${field}.max_step_count`, NEGATIVE),
        ...findingUnless(notNegative(stopping.minStepCount), `${field}.min_step_count`, NEGATIVE),
        ...findingUnless(notNegative(stopping.minMeasurementCount), `${field}.min_measurement_count`, NEGATIVE),
    ];
}
/** No count and no duration after which a study stops is below 0 (study.proto). */
function stoppingConfigFindings(config, field) {
    const lasts = (duration) => (durationMs(duration ?? '0s') ?? 0) >= 0;
    return [
        ...findingUnless(lasts(config.minimumRuntimeConstraint?.maxDuration), `${field}.minimum_runtime_constraint.max_duration`, NEGATIVE),
        ...findingUnless(lasts(config.maximumRuntimeConstraint?.maxDuration), `${field}.maximum_runtime_constraint.max_duration`, NEGATIVE),
        ...findingUnless((config.minNumTrials ?? 0) >= 0, `${field}.min_num_trials`, NEGATIVE),
        ...findingUnless((config.maxNumTrials ?? 0) >= 0, `${field}.max_num_trials`, NEGATIVE),
        ...findingUnless((config.maxNumTrialsNoProgress ?? 0) >= 0, `${field}.max_num_trials_no_progress`, NEGATIVE),
        ...findingUnless(lasts(config.maxDurationNoProgress), `${field}.max_duration_no_progress`, NEGATIVE),
    ];
}

;// CONCATENATED MODULE: ./build/src/local/validation/study/study.js



const FIELD = 'study_spec';
/** What the rules of StudySpec refuse beside what is required (the proto's comments). */
function studyFindings(spec) {
    if (spec === undefined)
        return [];
    const { metrics, parameters, algorithm, ...stopping } = spec;
    return [
        ...metricsFindings(metrics ?? [], `${FIELD}.metrics`),
        ...parametersFindings(parameters ?? [], `${FIELD}.parameters`, algorithm === 'GRID_SEARCH'),
        ...convexFindings(stopping.convexAutomatedStoppingSpec ?? {}, `${FIELD}.convex_automated_stopping_spec`),
        ...stoppingConfigFindings(stopping.studyStoppingConfig ?? {}, `${FIELD}.study_stopping_config`),
    ];
}

;// CONCATENATED MODULE: ./build/src/local/validation/job.js







function trialCountFindings(job) {
    const { maxTrialCount = 0, parallelTrialCount = 0, maxFailedTrialCount = 0 } = job;
    const isFailureCount = maxFailedTrialCount >= 0 && maxFailedTrialCount <= Math.max(0, maxTrialCount);
    return [
        ...findingUnless(maxTrialCount >= 1, 'max_trial_count', 'Must be at least 1.'),
        ...findingUnless(parallelTrialCount >= 1, 'parallel_trial_count', 'Must be at least 1.'),
        ...findingUnless(isFailureCount, 'max_failed_trial_count', 'Must not exceed `max_trial_count`.'),
    ];
}
/** TPUs are not supported for tuning (docs training/using-hyperparameter-tuning). */
function tpuFindings(spec) {
    return (spec?.workerPoolSpecs ?? []).flatMap(({ machineSpec = {} }, index) => findingUnless(!isTpu(machineSpec), `trial_job_spec.worker_pool_specs[${index}].machine_spec`, 'TPUs are not supported for hyperparameter tuning.'));
}
/** What a tuning job's own rules refuse beside what is required, its name and labels aside. */
function tuningFindings(job) {
    return [
        ...studyFindings(job.studySpec),
        ...trialCountFindings(job),
        ...specFindings(job.trialJobSpec, 'trial_job_spec'),
        ...tpuFindings(job.trialJobSpec),
    ];
}
/** The custom job that a create request asks for, in the form of answers; throws every refusal at once. */
function readCustomJob(body) {
    const job = normalise(body, 'CustomJob', 'custom_job');
    refuse([...requiredFindings(job, 'CustomJob'), ...namedFindings(job), ...specFindings(job.jobSpec, 'job_spec')]);
    refuseMachines(job.jobSpec);
    return job;
}
/** The tuning job that a create request asks for, in the form of answers; throws every refusal at once. */
function readTuningJob(body) {
    const job = normalise(body, 'HyperparameterTuningJob', 'hyperparameter_tuning_job');
    refuse([...requiredFindings(job, 'HyperparameterTuningJob'), ...namedFindings(job), ...tuningFindings(job)]);
    refuseMachines(job.trialJobSpec);
    return job;
}

;// CONCATENATED MODULE: ./build/src/local/validation/model.js






const ID_RULE = 'The model ID can have up to 63 characters of `[a-z0-9_-]`, of which the first cannot be a number or hyphen.';
const PARENT_RULE = 'A model of the form `projects/{project}/locations/{location}/models/{model}` is required.';
const ALIAS_RULE = 'A version alias has the format `[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]`.';
/** One without files may hold all it needs in its image; a pipeline's has them in AIP_MODEL_DIR (docs training/code-requirements). */
function artifactFindings({ artifactUri }) {
    const isUri = artifactUri === undefined || bucketOf(artifactUri) !== undefined;
    return findingUnless(isUri, 'artifact_uri', 'A Cloud Storage URI (gs://bucket/path) is required.');
}
/** What the rules of ModelContainerSpec refuse (model.proto); its protos do not mark the image as required, their comment does. */
function model_containerFindings({ imageUri, env = [], ports = [] }, field) {
    const isPort = (port) => port >= 1 && port <= 65_535;
    return [
        ...findingUnless(imageUri !== undefined, `${field}.image_uri`, REQUIRED),
        ...imageFindings(imageUri, `${field}.image_uri`),
        ...envFindings(env, `${field}.env`),
        ...ports.flatMap(({ containerPort = 0 }, index) => findingUnless(isPort(containerPort), `${field}.ports[${index}].container_port`, 'Must be between 1 and 65535.')),
    ];
}
/** What the rules of Model refuse (the proto's comments) beside what is required. */
function modelFindings(model) {
    return [
        ...namedFindings(model),
        ...model_containerFindings(model.containerSpec ?? {}, 'container_spec'),
        ...aliasFindings(model.versionAliases ?? []),
        ...artifactFindings(model),
    ];
}
/** What the rule of version aliases refuses (the proto's comment). */
function aliasFindings(aliases) {
    return aliases.flatMap((alias, index) => /^[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]$/.test(alias)
        ? []
        : [{ field: `version_aliases[${index}]`, message: ALIAS_RULE }]);
}
/** The parts of a model's full name, or undefined when it is none. */
function modelNameParts(name) {
    const [, project, location, id] = /^projects\/([^/]+)\/locations\/([^/]+)\/models\/([a-z0-9_-]{1,63})$/.exec(name) ?? [];
    return project === undefined || location === undefined || id === undefined ? undefined : { project, location, id };
}
/** What the rules of an upload's `model_id` and `parent_model` refuse, and of a pipeline's. */
function modelIdFindings({ modelId, parentModel, }) {
    const findings = [];
    if (modelId !== undefined && !/^[a-z_][a-z0-9_-]{0,62}$/.test(modelId)) {
        findings.push({ field: 'model_id', message: ID_RULE });
    }
    if (parentModel !== undefined && modelNameParts(parentModel) === undefined) {
        findings.push({ field: 'parent_model', message: PARENT_RULE });
    }
    return findings;
}
/** UploadModelRequest and MergeVersionAliasesRequest (model_service.proto); what stands in the path may come again. */
const UPLOAD = {
    parent: { type: 'string' },
    parentModel: { type: 'string' },
    modelId: { type: 'string' },
    model: { type: 'Model' },
    serviceAccount: { type: 'string' },
};
const MERGE = { name: { type: 'string' }, versionAliases: { type: 'string', repeated: true } };
/** The upload that a request asks for, in the form of answers; throws every refusal at once. */
function readUpload(body) {
    const request = normalise(body ?? {}, 'UploadModelRequest', '', UPLOAD);
    const { model } = request;
    refuse([
        ...findingUnless(model !== undefined, 'model', REQUIRED),
        ...requiredFindings(model, 'Model', 'model'),
        ...(model === undefined ? [] : under('model', modelFindings(model))),
        ...modelIdFindings(request),
    ]);
    if (model === undefined)
        throw new Error('an upload without a model was not refused');
    return { ...request, model };
}
/** The aliases that a `:mergeVersionAliases` request gives a version, and those that it takes by a leading `-`. */
function readAliases(body) {
    const { versionAliases = [] } = normalise(body ?? {}, 'MergeVersionAliasesRequest', '', MERGE);
    const isRemoved = (alias) => alias.startsWith('-');
    const bare = (alias) => alias.replace(/^-/, '');
    refuse([
        ...(versionAliases.length === 0 ? [{ field: 'version_aliases', message: REQUIRED }] : []),
        ...aliasFindings(versionAliases.map(bare)),
    ]);
    return {
        added: new Set(versionAliases.filter((alias) => !isRemoved(alias))),
        removed: new Set(versionAliases.filter(isRemoved).map(bare)),
    };
}

;// CONCATENATED MODULE: ./build/src/local/validation/pipeline.js








const FOLDER = 'gs://google-cloud-aiplatform/schema/trainingjob/definition';
const CUSTOM_TASK = `${FOLDER}/custom_task_1.0.0.yaml`;
const TUNING_TASK = `${FOLDER}/hyperparameter_tuning_task_1.0.0.yaml`;
const INPUTS = 'training_task_inputs';
/** The inputs of the tuning task (reference Shared.Types/HyperparameterTuningTask); the docs' sample puts labels there too. */
const TUNING_FIELDS = Object.fromEntries(Object.entries(messageSchema('HyperparameterTuningJob') ?? {}).filter(([name]) => ['studySpec', 'trialJobSpec', 'maxTrialCount', 'parallelTrialCount', 'maxFailedTrialCount', 'labels'].includes(name)));
function readTask(definition, inputs) {
    const field = 'training_task_definition';
    if (definition === undefined || inputs === undefined)
        return { findings: [] };
    if (definition !== CUSTOM_TASK && definition !== TUNING_TASK) {
        const message = `${JSON.stringify(definition)} is not known to this service: ${CUSTOM_TASK} and ${TUNING_TASK} are accepted.`;
        return { findings: [{ field, message }] };
    }
    const path = `training_pipeline.${INPUTS}`;
    if (definition === CUSTOM_TASK) {
        const jobSpec = normalise(inputs, 'CustomJobSpec', path);
        const task = { collection: 'customJobs', job: { jobSpec } };
        const findings = [...requiredFindings(jobSpec, 'CustomJobSpec', INPUTS), ...specFindings(jobSpec, INPUTS)];
        return { task, spec: jobSpec, findings };
    }
    const job = normalise(inputs, 'HyperparameterTuningJob', path, TUNING_FIELDS);
    // The job is named by the pipeline.
    const required = requiredFindings({ ...job, displayName: INPUTS }, 'HyperparameterTuningJob');
    const findings = under(INPUTS, [...required, ...tuningFindings(job), ...labelFindings(job.labels)]);
    return { task: { collection: 'hyperparameterTuningJobs', job }, spec: job.trialJobSpec, findings };
}
function datasetFindings(pipeline) {
    if (!('inputDataConfig' in pipeline))
        return [];
    const message = 'This service has no managed datasets: hand the data to the program by its arguments.';
    return [{ field: 'input_data_config', message }];
}
/** The job behind a pipeline that was made. */
function taskOf({ trainingTaskDefinition, trainingTaskInputs }) {
    const { task } = readTask(trainingTaskDefinition, trainingTaskInputs);
    if (task === undefined)
        throw new Error(`${trainingTaskDefinition} names no task`);
    return task;
}
/**
 * The training pipeline that a create request asks for, in the form of answers, with the job behind it; throws every
 * refusal at once. The inputs of the task stay in the pipeline as they came: to the API they are a value of any form.
 */
function readPipeline(body) {
    const pipeline = normalise(body, 'TrainingPipeline', 'training_pipeline');
    const { task, spec, findings } = readTask(pipeline.trainingTaskDefinition, pipeline.trainingTaskInputs);
    const { modelToUpload } = pipeline;
    refuse([
        ...requiredFindings(pipeline, 'TrainingPipeline'),
        ...namedFindings(pipeline),
        ...datasetFindings(pipeline),
        ...findings,
        ...(modelToUpload === undefined ? [] : under('model_to_upload', modelFindings(modelToUpload))),
        ...modelIdFindings(pipeline),
    ]);
    if (task === undefined || spec === undefined)
        throw new Error('a pipeline without a task was not refused');
    refuseMachines(spec);
    return { pipeline, task };
}

;// CONCATENATED MODULE: ./build/src/local/faults/simulated.js




const PREFIX = 'simulated/';
/** The name after `simulated/` in the primary replica's image, without tag and digest; undefined for other images. */
function simulatedName({ workerPoolSpecs }) {
    const image = containerOf(workerPoolSpecs[0] ?? {})?.imageUri ?? '';
    return image.startsWith(PREFIX) ? image.slice(PREFIX.length).replace(/[:@].*$/s, '') : undefined;
}
/** The spec of the containers that a job or pipeline runs. */
function specOf({ collection, resource }) {
    switch (collection) {
        case 'customJobs':
            return resource.jobSpec;
        case 'hyperparameterTuningJobs':
            return resource.trialJobSpec;
        case 'trainingPipelines':
            return taskSpec(taskOf(resource));
    }
}
function taskSpec(task) {
    return task.collection === 'customJobs' ? task.job.jobSpec : task.job.trialJobSpec;
}
/** The image that a job without a script names is in no registry, in the words that this service has for that. */
function simulated_notFound(name) {
    return new ImageError(`Failed to read the container uri [${PREFIX}${name}]. Please make sure that the image exists: no script of that name was sent.`);
}
/** Waits until so many milliseconds after a time (RFC 3339) by the service's clock; for ever, where that is said. */
async function waitSince({ clock }, time, ms, signal) {
    signal.throwIfAborted();
    const due = ms === 'forever' ? Number.MAX_SAFE_INTEGER : (Date.parse(time ?? '') || clock.now()) + ms;
    await sleepLong(clock, due - clock.now(), signal);
}

;// CONCATENATED MODULE: ./build/src/local/faults/views.js



/** A list of jobs with those left out that are too young to show; `nowMs` is the service's time. */
function laggingList(body, lagMs, nowMs) {
    if (!isRecord(body))
        return body;
    const shows = (job) => Date.parse(textAt(job, 'createTime') ?? '') + lagMs <= nowMs;
    return Object.fromEntries(Object.entries(body).flatMap(([name, value]) => {
        if (!isCollection(name) || !Array.isArray(value))
            return [[name, value]];
        const shown = value.filter(shows);
        return shown.length === 0 ? [] : [[name, shown]];
    }));
}
/** A page of entries as the conditions show it at a time; it may be left with none, and still be followed by another. */
function disturbedEntries(body, conditions, nowMs) {
    if (!isRecord(body) || !Array.isArray(body['entries']))
        return body;
    const { lateEvery, lateMs = 0, doubledEvery, shuffled } = conditions;
    const seen = body['entries'].filter(isRecord).flatMap((entry) => {
        if (lateEvery === undefined || !isNth(entry, lateEvery))
            return [entry];
        const receivedMs = Date.parse(textAt(entry, 'timestamp') ?? '') + lateMs;
        return receivedMs > nowMs ? [] : [{ ...entry, receiveTimestamp: timestampOf(receivedMs) }];
    });
    const doubled = doubledEvery === undefined ? seen : [...seen, ...seen.filter((_entry, index) => (index + 1) % doubledEvery === 0)];
    return { ...body, entries: shuffled === undefined ? doubled : shuffle(doubled, shuffled) };
}
/** Whether an entry is one of every so many, by the number that its id counts. */
function isNth(entry, every) {
    return Number.parseInt(textAt(entry, 'insertId') ?? '', 36) % every === 0;
}
/** The same entries in an order that `seed` alone decides (Fisher and Yates, with a linear congruential generator). */
function shuffle(entries, seed) {
    const order = [...entries];
    let state = seed >>> 0;
    for (let index = order.length - 1; index > 0; index -= 1) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        const other = Math.floor((state / 2 ** 32) * (index + 1));
        [order[index], order[other]] = [order[other], order[index]];
    }
    return order;
}
/** An answer that tells another state of every job in it. */
function withState(body, state) {
    if (!isRecord(body))
        return body;
    if (typeof body['name'] === 'string')
        return { ...body, state: spelled(body['name'], state) };
    return Object.fromEntries(Object.entries(body).map(([name, value]) => [
        name,
        isCollection(name) && Array.isArray(value) ? value.map((job) => withState(job, state)) : value,
    ]));
}
/** The state as a job of that name would tell it: a word gets the prefix of its kind. */
function spelled(name, state) {
    if (typeof state === 'number' || state.includes('_STATE_'))
        return state;
    return `${name.includes('/trainingPipelines/') ? 'PIPELINE' : 'JOB'}_STATE_${state}`;
}

;// CONCATENATED MODULE: ./build/src/local/faults/backend.js












/** Runs jobs whose image is `simulated/NAME` by a script, and all others on the engine. */
class Simulation {
    #options;
    #scripts = new WeakMap();
    #live = new Map();
    #preempt = new Map();
    #closing = new AbortController();
    #usesEngine = false;
    constructor(options) {
        this.#options = options;
    }
    async prepare(...given) {
        const [runtime, { record, spec, signal }] = given;
        const name = simulatedName(spec);
        if (name === undefined)
            return dockerBackend.prepare(...given);
        signal.throwIfAborted();
        const script = this.#scripts.get(record);
        if (script === undefined)
            throw simulated_notFound(name);
        const { queuedMs = 0, pendingMs = 0 } = script;
        // A job that is not listed is a trial's, and was in no queue.
        const queued = record.listed && queuedMs !== 'forever' ? queuedMs : 0;
        await waitSince(runtime, record.resource.createTime, pendingMs === 'forever' ? pendingMs : queued + pendingMs, signal);
    }
    async hasGpus(...given) {
        return simulatedName(given[1]) !== undefined || dockerBackend.hasGpus(...given);
    }
    async run(runtime, run) {
        const { record } = run;
        const script = this.#scripts.get(record);
        this.#usesEngine ||= script === undefined;
        const name = recordName(record);
        try {
            return await withRestarts(runtime, {
                run,
                start: (attempt, signal, atMs) => script === undefined
                    ? dockerBackend.run(runtime, { ...run, signal })
                    : this.#simulate(runtime, { ...run, signal }, { script, attempt, atMs }),
                onAttempt: (preempt) => this.#preempt.set(name, preempt),
            });
        }
        catch (error) {
            const { reason } = run.signal;
            const isCancelled = reason instanceof JobStopped && reason.kind === 'cancelled';
            if (isCancelled && script?.cancelMs !== undefined)
                await this.#linger(runtime, script.cancelMs);
            throw error;
        }
        finally {
            this.#preempt.delete(name);
        }
    }
    async #simulate(runtime, run, { script, attempt, atMs }) {
        if (atMs !== undefined)
            await waitSince(runtime, timestampOf(atMs), script.restartMs ?? 0, run.signal);
        run.onRunning();
        // The first start is the job's own, also when a later process takes the job up; those after it have no record.
        const startMs = atMs === undefined ? Date.parse(run.record.resource.startTime ?? '') : atMs + (script.restartMs ?? 0);
        return perform(runtime, { run, script, attempt, startMs, signal: run.signal });
    }
    /** How long a job takes to end that was asked to; a service that closes does not wait for it. */
    async #linger({ clock }, ms) {
        await clock.sleep(ms, this.#closing.signal).catch(() => { });
    }
    async conduct(runtime, job) {
        const { record, controller, live } = job;
        const name = simulatedName(specOf(record));
        const script = name === undefined ? undefined : this.#options.scriptOf(name);
        if (script !== undefined)
            this.#scripts.set(record, script);
        this.#live.set(recordName(record), { record, controller, runtime });
        const over = new AbortController();
        try {
            if (script !== undefined && record.listed)
                await this.#script(runtime, job, script, over.signal);
            else
                await live(controller.signal);
        }
        finally {
            over.abort();
            this.#live.delete(recordName(record));
        }
    }
    /** The job by its script: the queue, then its life, with the platform's turns all the while. */
    async #script(runtime, { record, controller, live }, script, over) {
        const isPipeline = record.collection === 'trainingPipelines';
        for (const turn of [...(script.turns ?? [])].sort((left, right) => left.atMs - right.atMs)) {
            if ((turn.of === 'pipeline') !== isPipeline)
                continue;
            const signal = AbortSignal.any([over, controller.signal]);
            // One that is over when a job is taken up again comes after the job has come to its state.
            waitSince(runtime, record.resource.createTime, turn.atMs, signal)
                .then(() => (0,external_node_timers_promises_namespaceObject.setImmediate)(undefined, { signal }))
                .then(() => this.act({ name: recordName(record), state: turn.state, end: turn.end }))
                .catch(() => { });
        }
        const { queuedMs = 0 } = script;
        if (queuedMs !== 0 && !isPipeline && record.resource.startTime === undefined) {
            update(runtime, record, { state: 'JOB_STATE_QUEUED' });
            await waitSince(runtime, record.resource.createTime, queuedMs, controller.signal).catch(() => { });
            if (!controller.signal.aborted)
                update(runtime, record, { state: 'JOB_STATE_PENDING' });
        }
        await live(controller.signal);
    }
    act({ name, state, end, preempt }) {
        const job = this.#live.get(name);
        if (job === undefined)
            throw new ApiError('NOT_FOUND', `No job of that name runs: ${name}`);
        const { record, controller, runtime } = job;
        if (controller.signal.aborted)
            return;
        if (state !== undefined)
            update(runtime, record, { state: spelled(name, state) });
        if (end !== undefined)
            controller.abort(new JobEnded(endingOf(end, record)));
        if (preempt !== undefined) {
            const interrupt = this.#preempt.get(name);
            if (interrupt === undefined)
                throw new ApiError('FAILED_PRECONDITION', `No replica of ${name} runs.`);
            interrupt(preempt);
        }
    }
    async close(runtime, ended) {
        this.#closing.abort();
        await ended;
        if (this.#usesEngine)
            await dockerBackend.close(runtime, ended);
    }
}

;// CONCATENATED MODULE: ./build/src/local/faults/clock.js
/** The most that a timer holds. */
const LONGEST_MS = 2 ** 31 - 1;
/** A clock that can be moved. */
class ShiftedClock {
    #base;
    #shift;
    #moved = new AbortController();
    constructor(base, shift = { advancedMs: 0, skewMs: 0 }) {
        this.#base = base;
        this.#shift = shift;
    }
    get shift() {
        return this.#shift;
    }
    now() {
        return this.unskewed() + this.#shift.skewMs;
    }
    /** Lets time pass, and sets by how much the clock is wrong. */
    move({ advanceMs = 0, skewMs = this.#shift.skewMs, }) {
        this.#shift = { advancedMs: this.#shift.advancedMs + advanceMs, skewMs };
        if (advanceMs === 0)
            return;
        this.#moved.abort();
        this.#moved = new AbortController();
    }
    async sleep(ms, signal) {
        const due = this.unskewed() + ms;
        do {
            signal?.throwIfAborted();
            await this.#doze(Math.min(Math.max(0, due - this.unskewed()), LONGEST_MS), signal);
        } while (this.unskewed() < due);
    }
    /** Sleeps until the time is over or the clock is moved. */
    async #doze(ms, signal) {
        const moved = this.#moved.signal;
        const either = signal === undefined ? moved : AbortSignal.any([signal, moved]);
        try {
            await this.#base.sleep(ms, either);
        }
        catch (error) {
            signal?.throwIfAborted();
            if (!moved.aborted)
                throw error;
        }
    }
    /** The time as it is where nothing is wrong with the clock. */
    unskewed() {
        return this.#base.now() + this.#shift.advancedMs;
    }
}

;// CONCATENATED MODULE: ./build/src/local/faults/rules.js

/** The moments at which a fault can strike, the usual one first. */
const MOMENTS = {
    refuse: ['before', 'after'],
    reset: ['before', 'after'],
    hang: ['before', 'after'],
    hold: ['before'],
    delay: ['before', 'after'],
    drip: ['after'],
    malformed: ['after'],
    truncated: ['after'],
    'expired-token': ['before'],
    state: ['after'],
};
/** When a rule's fault strikes: as the rule says, else at the fault's usual moment. */
function momentOf({ when, fault }) {
    return when ?? MOMENTS[fault.kind][0] ?? 'before';
}
/** Whether the rule's turn is with its next matching request. */
function isDue({ rule: { skip = 0, times = 1 }, seen, fired }) {
    return seen >= skip && (times === 'always' || fired < times);
}
/**
 * Which rule meets this request: of those that match it and are not over, the first whose turn it is. Every one that
 * matches counts the request, whichever meets it. Gives the rules as they stand afterwards; the same ones, where none
 * matches.
 */
function choose(rules, asked, nowMs) {
    let chosen;
    let isChanged = false;
    const after = rules.map((armed) => {
        const { rule, sinceMs, seen, fired } = armed;
        const isOver = rule.forMs !== undefined && nowMs >= sinceMs + rule.forMs;
        if (isOver || !isSelected(rule, asked))
            return armed;
        isChanged = true;
        if (chosen !== undefined || !isDue(armed))
            return { ...armed, seen: seen + 1 };
        chosen = rule;
        return { ...armed, seen: seen + 1, fired: fired + 1 };
    });
    return { rules: isChanged ? after : rules, chosen };
}

;// CONCATENATED MODULE: ./build/src/local/faults/read-rule.js



const read_rule_KINDS = Object.keys(MOMENTS);
const BOTH = ['before', 'after'];
function readRefusal(read) {
    const refusal = {
        kind: 'refuse',
        reason: read.oneOf('reason', REFUSAL_REASONS),
        http: read.whole('http', { least: 400, most: 599 }),
        status: read.text('status'),
        message: read.text('message'),
        retryAfterSeconds: read.whole('retryAfterSeconds'),
        metrics: read.texts('metrics'),
    };
    const details = read.raw('details');
    if (details !== undefined && !Array.isArray(details))
        read.wrong('details', 'A list is required.');
    if (refusal.reason === undefined && refusal.http === undefined) {
        read.wrong('reason', `A refusal has a reason (${REFUSAL_REASONS.join(', ')}) or an http status.`);
    }
    return Array.isArray(details) ? { ...refusal, details } : refusal;
}
const READERS = {
    refuse: readRefusal,
    reset: () => ({ kind: 'reset' }),
    hang: () => ({ kind: 'hang' }),
    hold: () => ({ kind: 'hold' }),
    delay: (read) => ({ kind: 'delay', ms: read.whole('ms') ?? 0 }),
    drip: (read) => ({
        kind: 'drip',
        bytes: read.whole('bytes', { least: 1 }) ?? 1,
        everyMs: read.whole('everyMs') ?? 0,
    }),
    malformed: (read) => ({ kind: 'malformed', text: read.text('text') }),
    truncated: () => ({ kind: 'truncated' }),
    'expired-token': () => ({ kind: 'expired-token' }),
    state: (read) => ({ kind: 'state', state: read.state('state') ?? read.wrong('state', 'A state is required.') ?? '' }),
};
function readFault(read) {
    const kind = read.oneOf('kind', read_rule_KINDS);
    if (kind !== undefined)
        return READERS[kind](read);
    if (!read.has('kind'))
        read.wrong('kind', `One of ${read_rule_KINDS.join(', ')} is required.`);
    return { kind: 'hang' };
}
/** A rule as a test sends it. */
function readRule(read) {
    const fault = read.inner('fault', readFault) ?? read.wrong('fault', 'A rule needs a fault.') ?? { kind: 'hang' };
    const when = read.oneOf('when', BOTH);
    const moments = MOMENTS[fault.kind];
    if (when !== undefined && !moments.includes(when)) {
        read.wrong('when', `The fault ${fault.kind} strikes ${moments.join(' or ')} the effect only.`);
    }
    return {
        name: read.text('name'),
        call: read.oneOf('call', CALLS),
        method: read.text('method'),
        path: read.text('path'),
        skip: read.whole('skip'),
        times: read.wholeOr('times', 'always'),
        forMs: read.whole('forMs'),
        when,
        fault,
    };
}

;// CONCATENATED MODULE: ./build/src/local/faults/script.js
/** States that a script may end a job in, without the prefix. */
const END_STATES = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED', 'PARTIALLY_SUCCEEDED'];

;// CONCATENATED MODULE: ./build/src/local/faults/read-script.js


const HOW = ['replica', 'job', 'fail'];
const ACTS = ['stdout', 'stderr', 'entry', 'measure', 'write', 'preempt'];
function readMeasure(read) {
    const values = read.object('measure');
    if (values === undefined)
        return undefined;
    const entries = Object.entries(values).filter((entry) => typeof entry[1] === 'number' || typeof entry[1] === 'string');
    if (entries.length < Object.keys(values).length)
        read.wrong('measure', 'Numbers are required, or texts.');
    return Object.fromEntries(entries);
}
/** Each part of the path is a name of its own, so that it leads nowhere else. */
function readWrite(read) {
    const path = read.text('path') ?? '';
    const isBelow = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\\0]/.test(part));
    if (!isBelow)
        read.wrong('path', 'A path below the output folder is required.');
    return { path, text: read.text('text') ?? read.wrong('text', 'A text is required.') ?? '' };
}
function readEvent(read) {
    const event = {
        atMs: read.whole('atMs'),
        stdout: read.text('stdout'),
        stderr: read.text('stderr'),
        entry: read.inner('entry', (inner) => ({
            severity: inner.text('severity'),
            textPayload: inner.text('textPayload'),
            jsonPayload: inner.object('jsonPayload'),
            agoMs: inner.whole('agoMs'),
        })),
        measure: readMeasure(read),
        step: read.whole('step'),
        write: read.inner('write', readWrite),
        preempt: read.oneOf('preempt', HOW),
        times: read.whole('times', { least: 1 }),
        everyMs: read.whole('everyMs'),
    };
    const acts = ACTS.filter((name) => read.has(name));
    if (acts.length !== 1)
        read.wrong('', `An event does one of ${ACTS.join(', ')}; this one does ${acts.length}.`);
    return event;
}
function readExit(read) {
    return {
        atMs: read.whole('atMs'),
        code: read.whole('code', { most: 255 }),
        outOfMemory: read.flag('outOfMemory'),
    };
}
function readProgram(read) {
    return {
        trial: read.text('trial'),
        replica: read.text('replica'),
        attempt: read.whole('attempt', { least: 1 }),
        events: read.list('events', readEvent),
        exit: read.raw('exit') === 'never' ? 'never' : read.inner('exit', readExit),
    };
}
/** How a job is to end. */
function readEnd(read) {
    return {
        state: read.oneOf('state', END_STATES) ?? read.wrong('state', 'An end needs a state.') ?? 'FAILED',
        reason: read.oneOf('reason', JOB_ERRORS),
        metrics: read.texts('metrics'),
        error: read.inner('error', readStatus),
    };
}
/** A google.rpc.Status, whole. */
function readStatus(read) {
    return {
        code: read.whole('code') ?? read.wrong('code', 'A code is required.') ?? 0,
        message: read.text('message') ?? read.wrong('message', 'A message is required.') ?? '',
    };
}
function readTurn(read) {
    const turn = {
        atMs: read.whole('atMs') ?? read.wrong('atMs', 'A turn needs a time.') ?? 0,
        of: read.oneOf('of', ['job', 'pipeline']),
        state: read.state('state'),
        end: read.inner('end', readEnd),
    };
    if (read.has('state') === read.has('end'))
        read.wrong('', 'A turn has either a state or an end.');
    return turn;
}
/** A script as a test sends it. */
function readScript(read) {
    return {
        queuedMs: read.wholeOr('queuedMs', 'forever'),
        pendingMs: read.wholeOr('pendingMs', 'forever'),
        restartMs: read.whole('restartMs'),
        cancelMs: read.whole('cancelMs'),
        turns: read.list('turns', readTurn),
        programs: read.list('programs', readProgram),
    };
}

;// CONCATENATED MODULE: ./build/src/local/faults/reading.js
var _a;

/** Takes a JSON object apart, and collects all that is wrong with it. */
class Reading {
    path;
    findings;
    #fields;
    #known = new Set();
    constructor(value, path, findings) {
        this.path = path;
        this.findings = findings;
        this.#fields = isRecord(value) ? value : {};
        if (!isRecord(value))
            findings.push({ field: path, message: `An object is required, not ${JSON.stringify(value)}.` });
    }
    has(name) {
        return this.raw(name) !== undefined;
    }
    raw(name) {
        this.#known.add(name);
        return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
    }
    /** Says what is accepted in place of what was found. */
    wrong(name, accepted) {
        const field = [this.path, name].filter((part) => part !== '').join('.');
        const found = this.raw(name);
        this.findings.push({
            field,
            message: found === undefined ? accepted : `${accepted} Found: ${JSON.stringify(found)}.`,
        });
        return undefined;
    }
    text(name) {
        const value = this.raw(name);
        if (value === undefined || typeof value === 'string')
            return value;
        return this.wrong(name, 'A text is required.');
    }
    oneOf(name, accepted) {
        const value = this.raw(name);
        const found = accepted.find((each) => each === value);
        if (value === undefined || found !== undefined)
            return found;
        return this.wrong(name, `One of ${accepted.join(', ')} is required.`);
    }
    /** A whole number. */
    whole(name, { least = 0, most = Number.MAX_SAFE_INTEGER } = {}) {
        const value = this.raw(name);
        if (value === undefined)
            return undefined;
        if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most)
            return value;
        return this.wrong(name, `A whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''} is required.`);
    }
    /** A whole number, or this word. */
    wholeOr(name, word) {
        return this.raw(name) === word ? word : this.whole(name);
    }
    flag(name) {
        const value = this.raw(name);
        if (value === undefined || typeof value === 'boolean')
            return value;
        return this.wrong(name, 'true or false is required.');
    }
    object(name) {
        const value = this.raw(name);
        if (value === undefined || isRecord(value))
            return value;
        return this.wrong(name, 'An object is required.');
    }
    /** A text or number for a state, of any spelling. */
    state(name) {
        const value = this.raw(name);
        if (value === undefined || typeof value === 'string' || typeof value === 'number')
            return value;
        return this.wrong(name, 'A state is required: its word, or its wire number.');
    }
    texts(name) {
        const value = this.raw(name);
        if (value === undefined)
            return undefined;
        if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
            return value;
        return this.wrong(name, 'A list of texts is required.');
    }
    inner(name, read) {
        const value = this.raw(name);
        return value === undefined ? undefined : this.#read(value, name, read);
    }
    list(name, read) {
        const value = this.raw(name);
        if (value === undefined)
            return undefined;
        if (!Array.isArray(value))
            return this.wrong(name, 'A list is required.');
        return value.map((each, index) => this.#read(each, `${name}[${index}]`, read));
    }
    /** An object whose keys are names of the caller's own. */
    map(name, read) {
        const value = this.object(name);
        if (value === undefined)
            return undefined;
        return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.#read(each, `${name}.${key}`, read)]));
    }
    #read(value, name, read) {
        const inner = new _a(value, [this.path, name].filter((part) => part !== '').join('.'), this.findings);
        const result = read(inner);
        inner.end();
        return result;
    }
    /** Refuses the fields that nobody asked for. */
    end() {
        for (const name of Object.keys(this.#fields)) {
            if (!this.#known.has(name))
                this.wrong(name, `Accepted here: ${[...this.#known].join(', ')}.`);
        }
    }
}
_a = Reading;

;// CONCATENATED MODULE: ./build/src/local/faults/state.js



/** Nothing fails. */
const CALM = {
    rules: [],
    conditions: {},
    scripts: {},
    expired: [],
    clock: { advancedMs: 0, skewMs: 0 },
};
/** The state after orders that were given at `nowMs`, in milliseconds of the service's time. */
function state_ordered(state, { rules = [], conditions, scripts }, nowMs) {
    return {
        ...state,
        rules: [...state.rules, ...rules.map((rule) => ({ rule, sinceMs: nowMs, seen: 0, fired: 0 }))],
        conditions: conditions ?? state.conditions,
        scripts: { ...state.scripts, ...scripts },
    };
}
const digestOf = (token) => (0,external_node_crypto_namespaceObject.createHash)('sha256').update(token).digest('hex');
/** What meets a request: the refusal of its token, a rule, or nothing. Gives the state afterwards. */
function meet(state, asked, token, nowMs) {
    const digest = digestOf(token);
    if (state.expired.includes(digest))
        return { state, met: 'expired' };
    const { rules, chosen } = choose(state.rules, asked, nowMs);
    const next = rules === state.rules ? state : { ...state, rules };
    if (chosen?.fault.kind !== 'expired-token')
        return { state: next, met: chosen };
    return { state: { ...next, expired: [...next.expired, digest] }, met: 'expired' };
}
/** A state that was kept as JSON by this module itself; only its outline is looked at. */
function keptState(value) {
    return isRecord(value) ? { ...CALM, ...value } : CALM;
}

;// CONCATENATED MODULE: ./build/src/local/faults/control.js







/** Where tests speak to the service about faults. */
const CONTROL_PATH = '/-/faults';
/** So many requests are told of in a report, the last ones. */
const MOST_NOTED = 10_000;
function readConditions(read) {
    return {
        listLagMs: read.whole('listLagMs'),
        entries: read.inner('entries', (inner) => ({
            lateEvery: inner.whole('lateEvery', { least: 1 }),
            lateMs: inner.whole('lateMs'),
            doubledEvery: inner.whole('doubledEvery', { least: 1 }),
            shuffled: inner.whole('shuffled'),
        })),
        uploads: read.inner('uploads', (inner) => ({
            takeMs: inner.whole('takeMs'),
            error: inner.inner('error', readStatus),
        })),
    };
}
function readJobOrder(read) {
    const order = {
        name: read.text('name') ?? read.wrong('name', 'The name of a job is required.') ?? '',
        state: read.state('state'),
        end: read.inner('end', readEnd),
        preempt: read.oneOf('preempt', ['job', 'fail']),
    };
    const acts = ['state', 'end', 'preempt'].filter((name) => read.has(name));
    if (acts.length !== 1)
        read.wrong('', `One of state, end and preempt is required, not ${acts.length}.`);
    return order;
}
/** Skews are signed; they reach at most a hundred years. */
const FARTHEST_MS = 100 * 365 * 24 * 3_600_000;
function readClock(read) {
    const advanceMs = read.whole('advanceMs');
    const skewMs = read.whole('skewMs', { least: -FARTHEST_MS, most: FARTHEST_MS });
    return { ...(advanceMs === undefined ? {} : { advanceMs }), ...(skewMs === undefined ? {} : { skewMs }) };
}
/** What tests have set, and the endpoint by which they set it. */
class Control {
    #clock;
    #jobs;
    #onChange;
    #state;
    #noted = [];
    #held = [];
    constructor(clock, state, jobs, onChange) {
        this.#clock = clock;
        this.#state = state;
        this.#jobs = jobs;
        this.#onChange = onChange;
    }
    get state() {
        return this.#state;
    }
    /** Resolves once a test lets go on what is held. */
    released() {
        return new Promise((resolve) => this.#held.push(resolve));
    }
    /** What meets a request, which is counted. */
    meet(asked, token) {
        const { state, met } = meet(this.#state, asked, token, this.#clock.unskewed());
        this.#put(state);
        const fault = met === 'expired' ? 'expired-token' : met?.fault.kind;
        const { method, path } = asked;
        const noted = { atMs: this.#clock.now(), method, path, call: callOf(asked), ...(fault && { fault }) };
        if (this.#noted.length >= 2 * MOST_NOTED)
            this.#noted = this.#noted.slice(-MOST_NOTED);
        this.#noted.push(noted);
        return met;
    }
    /**
     * The answer to a request to the endpoint. Throws `ApiError`: an order of a wrong form changes nothing, and one to a job
     * that does not run nothing but the jobs named before it.
     */
    answer({ method, body }, records) {
        if (method === 'GET')
            return this.#report(records);
        if (method === 'DELETE') {
            this.#put({ ...CALM, clock: this.#state.clock });
            this.#noted = [];
            return {};
        }
        if (method !== 'POST')
            throw new ApiError('NOT_FOUND', `${CONTROL_PATH} knows GET, POST and DELETE.`);
        this.#order(body);
        return {};
    }
    #order(body) {
        const findings = [];
        const read = new Reading(body, '', findings);
        const orders = {
            rules: read.list('rules', readRule),
            conditions: read.inner('conditions', readConditions),
            scripts: read.map('scripts', readScript),
        };
        const clock = read.inner('clock', readClock);
        const jobs = read.list('jobs', readJobOrder) ?? [];
        const release = read.flag('release');
        read.end();
        refuse(findings);
        for (const order of jobs)
            this.#jobs.act(order);
        if (clock !== undefined)
            this.#clock.move(clock);
        this.#put({ ...state_ordered(this.#state, orders, this.#clock.unskewed()), clock: this.#clock.shift });
        if (release === true)
            for (const go of this.#held.splice(0))
                go();
    }
    #report(records) {
        return {
            nowMs: this.#clock.now(),
            rules: this.#state.rules.map(({ rule, seen, fired }) => ({ ...rule, seen, fired })),
            conditions: this.#state.conditions,
            requests: this.#noted.slice(-MOST_NOTED),
            jobs: records.map(({ resource: { name, displayName, labels, state, createTime, endTime, error } }) => ({
                name,
                displayName,
                labels: labels ?? {},
                state,
                createTime,
                ...(endTime === undefined ? {} : { endTime }),
                ...(error === undefined ? {} : { error }),
            })),
        };
    }
    #put(state) {
        if (state === this.#state)
            return;
        this.#state = state;
        this.#onChange(state);
    }
}

;// CONCATENATED MODULE: ./build/src/local/api/read-mask.js



function copyPath(source, target, path) {
    const [first, ...rest] = path;
    if (first === undefined || !Object.hasOwn(source, first))
        return;
    const value = source[first];
    if (rest.length === 0 || !isRecord(value)) {
        target[first] = value;
        return;
    }
    const inner = isRecord(target[first]) ? target[first] : {};
    target[first] = inner;
    copyPath(value, inner, rest);
}
const pathsOf = (mask) => (mask ?? '').split(',').filter((path) => path.trim() !== '');
const partsOf = (path) => path.trim().split('.').map(camelCase);
/** Whether messages of that type have the field; what those of Google's common types hold is not looked into. */
function isField([first, ...rest], type) {
    const fields = messageSchema(type);
    if (first === undefined)
        return true;
    if (fields === undefined)
        return type.startsWith('google.');
    const field = Object.hasOwn(fields, first) ? fields[first] : undefined;
    if (field === undefined)
        return false;
    // Only a whole list can be asked for (google.protobuf.FieldMask).
    if (field.repeated === true)
        return rest.length === 0;
    return field.key === undefined ? isField(rest, field.type) : rest.length <= 1;
}
/** Throws INVALID_ARGUMENT where a read mask names a field that the message of that name has not. */
function checkMask(mask, message) {
    const unknown = pathsOf(mask).filter((path) => path.trim() !== '*' && !isField(partsOf(path), message));
    if (unknown.length === 0)
        return;
    const names = unknown.map((path) => JSON.stringify(path.trim())).join(', ');
    throw new ApiError('INVALID_ARGUMENT', `Invalid read_mask: ${names} is no field of ${message}.`);
}
/** Only the fields that a read mask (`name,display_name`, either spelling) asks for; none asked for means all. */
function masked(resource, mask) {
    const paths = pathsOf(mask);
    if (paths.length === 0 || paths.some((path) => path.trim() === '*'))
        return resource;
    const target = {};
    for (const path of paths)
        copyPath(resource, target, partsOf(path));
    return target;
}

;// CONCATENATED MODULE: external "node:stream/promises"
const external_node_stream_promises_namespaceObject = require("node:stream/promises");
;// CONCATENATED MODULE: ./build/src/local/http/reply.js

const COMMON = { 'cache-control': 'private', 'x-content-type-options': 'nosniff' };
function sendText(response, { http, body, text, headers }) {
    if (http === 204) {
        response.writeHead(http, { ...COMMON, ...headers }).end();
        return;
    }
    const bytes = Buffer.from(text ?? JSON.stringify(body));
    response.writeHead(http, {
        'content-type': text === undefined ? 'application/json; charset=UTF-8' : 'text/html; charset=UTF-8',
        'content-length': bytes.length,
        ...COMMON,
        ...(http === 401 ? { 'www-authenticate': 'Bearer' } : {}),
        // What is left of a body that was too long is not read.
        ...(http >= 400 ? { connection: 'close' } : {}),
        ...headers,
    });
    response.end(bytes);
}
/** A file that has lost bytes meanwhile ends the connection, so that its reader sees that they are missing. */
async function sendContent(response, { http, headers }, content) {
    response.writeHead(http, { 'content-length': content.length, ...COMMON, ...content.headers, ...headers });
    if (content.length === 0 || response.req.method === 'HEAD') {
        response.end();
        return;
    }
    const stream = content.stream();
    try {
        await (0,external_node_stream_promises_namespaceObject.pipeline)(stream, response, { end: false });
        if (stream.bytesRead === content.length)
            response.end();
        else
            response.destroy();
    }
    catch {
        response.destroy();
    }
}
/** Answers with JSON, text or content. */
function send(response, reply) {
    if (reply.content === undefined)
        sendText(response, reply);
    else
        void sendContent(response, reply, reply.content);
}
/** The whole body of a reply; for those who break it, and for small ones only. */
async function bytesOf({ body, text, content }) {
    if (content === undefined)
        return Buffer.from(text ?? JSON.stringify(body));
    if (content.length === 0)
        return Buffer.alloc(0);
    const chunks = [];
    for await (const chunk of content.stream())
        chunks.push(chunk);
    return Buffer.concat(chunks);
}

;// CONCATENATED MODULE: ./build/src/local/faults/deliver.js

/** Sends an answer whose text stands as it is. */
function deliver_sendText(response, { http, headers, text }) {
    const bytes = Buffer.from(text);
    response.writeHead(http, { ...headers, 'content-length': bytes.length, connection: 'close' });
    response.end(bytes);
}
/** Ends the connection with a reset: its peer reads ECONNRESET, not an end. */
function deliver_reset(response) {
    response.socket?.resetAndDestroy();
}
async function begin(response, reply) {
    const bytes = await bytesOf(reply);
    const headers = { 'content-type': 'application/json; charset=UTF-8', ...reply.content?.headers, ...reply.headers };
    response.writeHead(reply.http, { ...headers, 'content-length': bytes.length });
    return bytes;
}
/** Waits, but no longer than there is somebody to answer. */
async function linger(response, ms, clock) {
    const gone = new AbortController();
    const leave = () => gone.abort();
    response.once('close', leave);
    if (response.destroyed)
        leave();
    await clock.sleep(ms, gone.signal).catch(() => { });
    response.off('close', leave);
}
/** Sends a reply piece by piece. */
async function drip(response, reply, { bytes, everyMs }, clock) {
    const whole = await begin(response, reply);
    for (let start = 0; start < whole.length && !response.destroyed; start += bytes) {
        response.write(whole.subarray(start, start + bytes));
        await linger(response, everyMs, clock);
    }
    response.end();
}
/** Promises the whole reply and sends half of it. */
async function truncate(response, reply) {
    const whole = await begin(response, reply);
    const half = whole.subarray(0, Math.floor(whole.length / 2));
    // What was written must be on its way before the connection ends.
    await new Promise((resolve) => response.write(half, () => resolve()));
    response.socket?.end();
    response.destroy();
}
/** Sends a body that is no JSON as if it were. */
async function sendMalformed(response, reply, text) {
    const { http } = reply;
    const whole = (await bytesOf(reply)).toString('utf8');
    const headers = { 'content-type': 'application/json; charset=UTF-8' };
    deliver_sendText(response, { http, headers, text: text ?? whole.slice(0, Math.ceil(whole.length / 2)) });
}

;// CONCATENATED MODULE: ./build/src/local/faults/intercept.js









const tokenOf = ({ authorization = '' }) => authorization.replace(/^Bearer /i, '');
/** The reply to a request as the standing conditions show it. */
async function replyTo({ request, reply }, { control, clock }) {
    const { listLagMs, entries } = control.state.conditions;
    const call = callOf(request);
    if (call === 'list' && listLagMs !== undefined)
        return laggingReply(request, reply, listLagMs, clock);
    const plain = await reply(request);
    if (call !== 'entries' || entries === undefined)
        return plain;
    return { ...plain, body: disturbedEntries(plain.body, entries, clock.now()) };
}
/** The age of the jobs must show before the mask hides it. */
async function laggingReply(request, reply, lagMs, clock) {
    const query = new URLSearchParams(request.query);
    for (const name of ['readMask', 'read_mask'])
        query.delete(name);
    const mask = request.query.get('readMask') ?? request.query.get('read_mask');
    const { http, body } = await reply({ ...request, query });
    const shown = laggingList(body, lagMs, clock.now());
    return { http, body: mask === null ? shown : maskedList(shown, mask) };
}
function maskedList(body, mask) {
    const entries = Object.entries(body).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.map((job) => masked(job, mask)) : value,
    ]);
    return Object.fromEntries(entries);
}
function answerControl({ request, response }, { control, records }) {
    try {
        send(response, { http: 200, body: control.answer(request, records()) });
    }
    catch (error) {
        send(response, errorAnswer(error));
    }
}
/** What a fault does when the request's effect lies behind it, or is never to come. */
async function strike(fault, exchange, reply, clock) {
    const { request, response } = exchange;
    switch (fault.kind) {
        case 'refuse':
            return deliver_sendText(response, refusals_refused(fault, request));
        case 'expired-token':
            return deliver_sendText(response, tokenRefused(request));
        case 'reset':
            return deliver_reset(response);
        case 'hang':
        case 'hold':
            return;
        case 'delay':
            await linger(response, fault.ms, clock);
            return send(response, reply);
        case 'drip':
            return drip(response, reply, fault, clock);
        case 'malformed':
            return sendMalformed(response, reply, fault.text);
        case 'truncated':
            return truncate(response, reply);
        case 'state':
            return send(response, { ...reply, body: withState(reply.body, fault.state) });
    }
}
const intercept_NOTHING = { http: 200, body: {} };
/** Answers requests with the faults that a test has ordered. Requests about the service itself meet none. */
function interceptor(options) {
    const { control, clock } = options;
    return async (exchange) => {
        const { request, response } = exchange;
        response.setHeader('date', new Date(clock.now()).toUTCString());
        if (request.path === CONTROL_PATH)
            return answerControl(exchange, options);
        if (request.path.startsWith('/-/'))
            return send(response, await exchange.reply(request));
        const met = control.meet(request, tokenOf(request.headers));
        if (met === undefined)
            return send(response, await replyTo(exchange, options));
        if (met === 'expired')
            return deliver_sendText(response, tokenRefused(request));
        if (momentOf(met) === 'after')
            return strike(met.fault, exchange, await replyTo(exchange, options), clock);
        // What is on its way takes effect, though whoever asked waits no more.
        if (met.fault.kind === 'delay')
            await clock.sleep(met.fault.ms);
        else if (met.fault.kind === 'hold')
            await control.released();
        else
            return strike(met.fault, exchange, intercept_NOTHING, clock);
        return send(response, await replyTo(exchange, options));
    };
}

;// CONCATENATED MODULE: ./build/src/local/faults/open.js








/** Prepares faults on demand, as an earlier process was left with in the folder. */
function openFaults({ clock: base, folder }) {
    const stateFile = (0,external_node_path_namespaceObject.join)(folder, 'faults.json');
    const state = keptState(readJson(stateFile));
    const clock = new ShiftedClock(base, state.clock);
    const simulation = new Simulation({
        scriptOf: (name) => (Object.hasOwn(control.state.scripts, name) ? control.state.scripts[name] : undefined),
    });
    const control = new Control(clock, state, simulation, (changed) => keepJson(stateFile, changed));
    return {
        clock,
        backend: simulation,
        simulates: (record) => simulatedName(specOf(record)) !== undefined,
        uploads: () => control.state.conditions.uploads ?? {},
        intercept: (records) => interceptor({ control, clock, records }),
    };
}

;// CONCATENATED MODULE: external "node:tls"
const external_node_tls_namespaceObject = require("node:tls");
;// CONCATENATED MODULE: ./build/src/local/http/certificate.js







/** The names that the guard answers to. */
const CONFIG = `
[req]
distinguished_name = name
prompt = no
[name]
CN = Train on Vertex AI, local service
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
nameConstraints = critical, permitted;DNS:localhost, permitted;IP:127.0.0.1/255.255.255.255, permitted;IP:0:0:0:0:0:0:0:1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
`;
/** Clients refuse certificates that are good for longer (825 days, Apple's rule); the service makes one at each start. */
const DAYS = '90';
async function run(program, cwd, args) {
    try {
        await (0,external_node_util_namespaceObject.promisify)(external_node_child_process_namespaceObject.execFile)(program, [...args], { cwd, timeout: 60_000 });
    }
    catch (error) {
        throw new UserError(`--tls makes a certificate with the program openssl, which has not done it: ${messageOf(error)}\nInstall openssl, or start the service without --tls: it listens on loopback alone.`, { cause: error });
    }
}
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-config', 'config'];
/**
 * Makes a certificate for loopback, of an authority that can vouch for nothing else and whose key is gone afterwards.
 * The files for clients lie in `folder`. Throws UserError where openssl is missing.
 */
async function makeCertificate(folder, program = 'openssl') {
    const work = await (0,promises_namespaceObject.mkdtemp)((0,external_node_path_namespaceObject.join)((0,external_node_os_namespaceObject.tmpdir)(), 'train-on-vertex-tls-'));
    const openssl = (...args) => run(program, work, args);
    try {
        await (0,promises_namespaceObject.writeFile)((0,external_node_path_namespaceObject.join)(work, 'config'), CONFIG);
        const authority = ['-keyout', 'ca.key', '-out', 'ca.pem', '-extensions', 'authority', '-days', DAYS];
        await openssl('req', '-x509', ...NEW_KEY, ...authority);
        // Another name than the authority's: with the same the certificate would look as if it had signed itself.
        const asked = ['-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost'];
        await openssl('req', '-new', ...NEW_KEY, ...asked);
        const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '2', '-days', DAYS];
        const extensions = ['-extfile', 'config', '-extensions', 'server'];
        await openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signed, ...extensions);
        const text = (name) => (0,promises_namespaceObject.readFile)((0,external_node_path_namespaceObject.join)(work, name), 'utf8');
        const [ca, server, key] = [await text('ca.pem'), await text('server.pem'), await text('server.key')];
        await (0,promises_namespaceObject.mkdir)(folder, { recursive: true });
        const [caFile, bundleFile] = [(0,external_node_path_namespaceObject.join)(folder, 'ca.pem'), (0,external_node_path_namespaceObject.join)(folder, 'ca-bundle.pem')];
        await (0,promises_namespaceObject.writeFile)(caFile, ca);
        await (0,promises_namespaceObject.writeFile)(bundleFile, [ca, ...external_node_tls_namespaceObject.rootCertificates, ''].join('\n'));
        return { key, cert: `${server}${ca}`, caFile, bundleFile };
    }
    finally {
        await (0,promises_namespaceObject.rm)(work, { recursive: true, force: true });
    }
}

;// CONCATENATED MODULE: ./build/src/local/api/enum-encoding.js


/**
 * Whether the answer is to hold enums by their numbers, as the system parameter `$alt` (or `alt`) asks for with
 * `json;enum-encoding=int`: Google's generated clients send it over REST, gcloud does not.
 */
function wantsNumbers(query) {
    const [format = '', ...options] = (query.get('$alt') ?? query.get('alt') ?? '').split(';');
    return format.trim() === 'json' && options.some((option) => option.trim() === 'enum-encoding=int');
}
function enum_encoding_fieldValue(value, { type, repeated, key }) {
    if (repeated === true)
        return Array.isArray(value) ? value.map((item) => withNumbers(item, type)) : value;
    if (key === undefined)
        return withNumbers(value, type);
    if (!isRecord(value))
        return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withNumbers(item, type)]));
}
/**
 * A message of the API in the form of answers, its enums by number. What is no enum stays as it is: so does a
 * google.protobuf.Value, such as a pipeline's inputs, whose content has no types.
 */
function withNumbers(value, type) {
    const numbers = enumSchema(type);
    if (numbers !== undefined)
        return typeof value === 'string' && Object.hasOwn(numbers, value) ? numbers[value] : value;
    const fields = messageSchema(type);
    if (fields === undefined || !isRecord(value))
        return value;
    const entries = Object.entries(value).map(([name, item]) => {
        const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
        return [name, field === undefined ? item : enum_encoding_fieldValue(item, field)];
    });
    return Object.fromEntries(entries);
}
/** What the collections of resources hold. */
const enum_encoding_MESSAGES = {
    customJobs: 'CustomJob',
    hyperparameterTuningJobs: 'HyperparameterTuningJob',
    trainingPipelines: 'TrainingPipeline',
    models: 'Model',
};
/** An answer about a collection, be it a resource, a list of them or neither, with its enums as the request's query asks for them. */
function encoded(answer, collection, query) {
    const type = Object.hasOwn(enum_encoding_MESSAGES, collection) ? enum_encoding_MESSAGES[collection] : undefined;
    if (type === undefined || !wantsNumbers(query) || !isRecord(answer))
        return answer;
    const list = answer[collection];
    if (!Array.isArray(list))
        return withNumbers(answer, type);
    return { ...answer, [collection]: list.map((item) => withNumbers(item, type)) };
}

;// CONCATENATED MODULE: ./build/src/local/api/fields.js


/** No resource has fields so far within one another. */
const fields_DEEPEST = 100;
const TOKENS = /[A-Za-z0-9_$*-]+|[/(),]/gy;
/** Reads `fields`, Google's syntax for partial responses: `kind,items(name,size),a/b`. */
class Reader {
    #text;
    #tokens;
    #at = 0;
    #depth = 0;
    constructor(text) {
        this.#text = text;
        this.#tokens = text.match(TOKENS) ?? [];
        if (this.#tokens.join('') !== text)
            throw this.#refused();
    }
    whole() {
        const selection = this.#list();
        if (this.#at < this.#tokens.length)
            throw this.#refused();
        return selection;
    }
    #list() {
        const fields = new Map();
        do {
            const name = this.#name();
            fields.set(name, merged(fields.get(name), this.#inner()));
        } while (this.#accept(','));
        return fields.has('*') ? (fields.get('*') ?? true) : fields;
    }
    #inner() {
        this.#depth += 1;
        if (this.#depth > fields_DEEPEST)
            throw this.#refused();
        const inner = this.#innermost();
        this.#depth -= 1;
        return inner;
    }
    #innermost() {
        if (this.#accept('/')) {
            const name = this.#name();
            const inner = this.#inner();
            return name === '*' ? inner : new Map([[name, inner]]);
        }
        if (!this.#accept('('))
            return true;
        const selection = this.#list();
        if (!this.#accept(')'))
            throw this.#refused();
        return selection;
    }
    #name() {
        const token = this.#tokens[this.#at];
        if (token === undefined || /^[/(),]$/.test(token))
            throw this.#refused();
        this.#at += 1;
        return token;
    }
    #accept(token) {
        if (this.#tokens[this.#at] !== token)
            return false;
        this.#at += 1;
        return true;
    }
    #refused() {
        return new ApiError('INVALID_ARGUMENT', `Invalid field selection ${this.#text}`);
    }
}
function merged(one, other) {
    if (one === undefined)
        return other;
    if (one === true || other === true)
        return true;
    const both = new Map(one);
    for (const [name, inner] of other)
        both.set(name, merged(both.get(name), inner));
    return both;
}
/** The selection that a `fields` parameter asks for: everything without one. Throws INVALID_ARGUMENT. */
function readFields(text) {
    return text === null || text === '' ? true : new Reader(text.replace(/\s/g, '')).whole();
}
/** Whether a selection holds the field at a path, or a part of it. */
function wants(selection, ...path) {
    const [name, ...rest] = path;
    if (selection === undefined)
        return false;
    return selection === true || name === undefined || wants(selection.get(name), ...rest);
}
/** The part of a JSON value that a selection holds; a list is selected from item by item. */
function selected(value, selection) {
    if (selection === true)
        return value;
    if (Array.isArray(value))
        return value.map((item) => selected(item, selection));
    if (!isRecord(value))
        return value;
    return Object.fromEntries(Object.entries(value).flatMap(([name, inner]) => {
        const part = selection.get(name);
        return part === undefined ? [] : [[name, selected(inner, part)]];
    }));
}

;// CONCATENATED MODULE: ./build/src/local/http/request.js
/** A query parameter in either spelling. */
function parameter(query, camel, snake) {
    return query.get(camel) ?? query.get(snake);
}

;// CONCATENATED MODULE: ./build/src/local/api/paging.js


/** A page token: an opaque position that is good for the same request only. */
function pageToken(position, request) {
    return Buffer.from(JSON.stringify([position, fingerprint(request)])).toString('base64url');
}
/** The position in a page token, or undefined without one. Throws INVALID_ARGUMENT when it belongs to another request. */
function positionOf(token, request) {
    if (token === undefined || token === '')
        return undefined;
    const parts = paging_decoded(token);
    if (!Array.isArray(parts) || parts.length !== 2 || parts[1] !== fingerprint(request)) {
        throw new ApiError('INVALID_ARGUMENT', 'The page token is not valid for this request.');
    }
    return parts[0];
}
function paging_decoded(token) {
    try {
        return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    }
    catch {
        return undefined;
    }
}
function fingerprint(request) {
    return (0,external_node_crypto_namespaceObject.createHash)('sha256').update(JSON.stringify(request)).digest('hex').slice(0, 16);
}
/**
 * A page size as the caller gave it, brought within the limits; zero and nothing mean the default. Throws INVALID_ARGUMENT:
 * for what is no int32 in the words of Google's front end; those for a negative one are not documented.
 */
function pageSizeOf(given, fallback, most, field = 'page_size') {
    if (given === undefined || given === null || given === '')
        return fallback;
    const size = Number(given);
    if (!Number.isInteger(size) || Math.abs(size) >= 2 ** 31) {
        const description = `Invalid value at '${field}' (TYPE_INT32), ${JSON.stringify(given)}`;
        const details = [
            { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
        ];
        throw new ApiError('INVALID_ARGUMENT', description, details);
    }
    if (size < 0)
        throw new ApiError('INVALID_ARGUMENT', `Invalid ${field}: ${size} is negative.`);
    return size === 0 ? fallback : Math.min(size, most);
}

;// CONCATENATED MODULE: ./build/src/local/http/routes/entries.js




const invalid = (message) => new ApiError('INVALID_ARGUMENT', message);
/** The longest filter that Cloud Logging takes, in characters. */
const LONGEST_FILTER = 20_000;
function projectIn(name) {
    const project = typeof name === 'string' ? /^projects\/([^/]+)(?:\/|$)/.exec(name)?.[1] : undefined;
    if (project !== undefined)
        return projectNumber(project);
    throw invalid('Not a project: each of resource_names must be projects/PROJECT, or a view of its logs.');
}
/** The numbers of the projects whose entries are asked for; once they were named apart, by their ids. */
function projectsIn(names, projectIds) {
    const listed = (value) => (Array.isArray(value) ? value : []);
    const ids = listed(projectIds).map((id) => (typeof id === 'string' ? `projects/${id}` : id));
    const all = [...listed(names), ...ids];
    if (all.length === 0 || all.length > 100)
        throw invalid('resource_names must have 1 to 100 entries.');
    return all.map(projectIn);
}
function entries_textOf(value, name) {
    if (value === undefined || value === null)
        return '';
    if (typeof value === 'string')
        return value;
    throw invalid(`Invalid value at '${name}' (TYPE_STRING): a text is required.`);
}
function isDescending(order) {
    if (['', 'timestamp', 'timestamp asc', 'timestamp desc'].includes(order))
        return order === 'timestamp desc';
    throw invalid(`order_by must be "timestamp asc" or "timestamp desc", not ${JSON.stringify(order)}.`);
}
function pageSize(value) {
    const isScalar = value === undefined || value === null || typeof value === 'number' || typeof value === 'string';
    if (!isScalar)
        throw invalid("Invalid value at 'page_size' (TYPE_INT32): a number is required.");
    return pageSizeOf(value, 50, 1000);
}
/** entries.list of Cloud Logging. Throws INVALID_ARGUMENT. */
async function listEntries(logs, body) {
    const given = isRecord(body) ? body : {};
    const field = (camel, snake) => given[camel] ?? given[snake];
    const projects = projectsIn(field('resourceNames', 'resource_names'), field('projectIds', 'project_ids'));
    const filter = entries_textOf(given['filter'], 'filter');
    if (filter.length > LONGEST_FILTER)
        throw invalid(`The filter is longer than ${LONGEST_FILTER} characters.`);
    return logs.list({
        projects,
        filter,
        descending: isDescending(entries_textOf(field('orderBy', 'order_by'), 'order_by').trim()),
        pageSize: pageSize(field('pageSize', 'page_size')),
        pageToken: entries_textOf(field('pageToken', 'page_token'), 'page_token'),
    });
}

;// CONCATENATED MODULE: ./build/src/local/identity/oauth-error.js
/** A refusal of the token service's, which speaks OAuth's language (RFC 6749, section 5.2; RFC 8693, section 2.2.2). */
class OAuthError extends Error {
    name = 'OAuthError';
    code;
    constructor(code, description) {
        super(description);
        this.code = code;
    }
    get body() {
        return { error: this.code, error_description: this.message };
    }
}

;// CONCATENATED MODULE: ./build/src/local/identity/id-token.js


/** Algorithms that a provider's keys may be of. */
const ALGORITHMS = ['RS256', 'ES256'];
/** A token must have been issued within the last day. */
const OLDEST_SECONDS = 24 * 3600;
/** Clocks of issuers may be ahead by as much; Google's own allowance is not documented. */
const AHEAD_SECONDS = 60;
/** `google.subject` holds no more. */
const LONGEST_SUBJECT = 127;
const id_token_refused = (description) => new OAuthError('invalid_grant', description);
function partOf(text) {
    try {
        return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    }
    catch {
        return undefined;
    }
}
function isIssuer(issuer) {
    return URL.parse(issuer)?.protocol === 'https:';
}
/** Whether a provider with the default setting takes this audience: its resource name, with or without the scheme. */
function isFor(audience, provider) {
    const named = Array.isArray(audience) ? audience : [audience];
    return named.some((each) => each === provider || each === `https:${provider}`);
}
function secondsAt(claims, name) {
    const value = claims[name];
    if (typeof value === 'number' && Number.isFinite(value))
        return value;
    throw id_token_refused(`The ID Token has no valid claim ${name}.`);
}
function checkTimes(claims, now) {
    const [issued, end] = [secondsAt(claims, 'iat'), secondsAt(claims, 'exp')];
    if (issued > now + AHEAD_SECONDS)
        throw id_token_refused(`ID Token issued at ${issued} is in the future.`);
    if (issued < now - OLDEST_SECONDS || end <= now)
        throw id_token_refused(`ID Token issued at ${issued} is stale to sign-in.`);
    return end;
}
function checkHeader(text) {
    const header = partOf(text);
    const algorithm = textAt(header, 'alg') ?? '';
    if (!ALGORITHMS.includes(algorithm))
        throw id_token_refused('The ID Token must be signed with RS256 or ES256.');
    if (!textAt(header, 'kid'))
        throw id_token_refused('The ID Token names no key (kid) in its header.');
}
/**
 * Reads an OIDC token that is given for an access token, by Google's rules for its form and claims; `provider` is
 * `//iam.googleapis.com/projects/…/providers/…`, `nowMs` the service's time. Its signature is not looked at: that would need
 * the issuer's keys, and this service asks nobody. Whoever reaches it may do everything anyway. Throws OAuthError, which tells
 * nothing of the token but its times.
 */
function readIdToken(token, provider, nowMs) {
    const parts = token.split('.');
    const claims = partOf(parts[1] ?? '');
    if (parts.length !== 3 || parts.some((part) => !/^[\w-]+$/.test(part)) || !isRecord(claims)) {
        throw new OAuthError('invalid_request', 'Unable to parse the ID Token.');
    }
    checkHeader(parts[0] ?? '');
    if (!isIssuer(textAt(claims, 'iss') ?? ''))
        throw id_token_refused('The issuer of the ID Token (iss) is no https address.');
    if (!isFor(claims['aud'], provider)) {
        throw id_token_refused('The audience in ID Token does not match the expected audience.');
    }
    const endSeconds = checkTimes(claims, Math.floor(nowMs / 1000));
    const subject = textAt(claims, 'sub') ?? '';
    if (subject === '' || subject.length > LONGEST_SUBJECT) {
        throw id_token_refused(`The subject of the ID Token (sub) must have 1 to ${LONGEST_SUBJECT} characters.`);
    }
    return { subject, endSeconds };
}

;// CONCATENATED MODULE: ./build/src/local/identity/exchange.js




const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const SUBJECT_TYPES = ['urn:ietf:params:oauth:token-type:jwt', 'urn:ietf:params:oauth:token-type:id_token'];
/** A provider's full resource name; the project is named by its number. */
const PROVIDER = /^\/\/iam\.googleapis\.com\/projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]{4,32}\/providers\/[a-z0-9-]{4,32}$/;
/** The longest that an access token lives, in milliseconds. */
const exchange_LONGEST_MS = 3600 * 1000;
const exchange_invalid = (description) => new OAuthError('invalid_request', description);
/** The request's texts by their camelCase names: JSON has those, and forms, which the libraries send, OAuth's own. */
function textsOf(body) {
    const texts = new Map();
    for (const [name, value] of Object.entries(isRecord(body) ? body : {})) {
        if (typeof value === 'string')
            texts.set(camelCase(name), value);
    }
    return texts;
}
function checkOptions(text) {
    if (text === undefined || text === '')
        return;
    try {
        if (isRecord(JSON.parse(text)))
            return;
    }
    catch {
        // Told below, as any other text that is no object.
    }
    throw exchange_invalid('Invalid value for "options". It must be a JSON object in text form.');
}
/**
 * The token service's exchange of an OIDC token for an access token (sts.googleapis.com, `POST /v1/token`). The token ends with
 * the one that was given, as Google's does with direct access, and after an hour at most. Throws OAuthError.
 */
function exchange(tokens, body, nowMs) {
    const texts = textsOf(body);
    const text = (name) => texts.get(name) ?? '';
    if (text('grantType') !== GRANT) {
        throw new OAuthError('unsupported_grant_type', `Invalid value for "grant_type". It must be ${GRANT}.`);
    }
    const provider = text('audience');
    if (!PROVIDER.test(provider)) {
        throw exchange_invalid('Invalid value for "audience". This value should be the full resource name of the Identity Provider: //iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER.');
    }
    if (text('requestedTokenType') !== ACCESS_TOKEN) {
        throw exchange_invalid(`Invalid value for "requested_token_type". It must be ${ACCESS_TOKEN}.`);
    }
    if (!SUBJECT_TYPES.includes(text('subjectTokenType'))) {
        throw exchange_invalid(`Invalid value for "subject_token_type". Accepted here: ${SUBJECT_TYPES.join(', ')}.`);
    }
    if (text('scope').trim() === '')
        throw new OAuthError('invalid_scope', 'Missing required parameter: scope.');
    checkOptions(texts.get('options'));
    if (text('subjectToken') === '')
        throw exchange_invalid('Missing required parameter: subject_token.');
    const { endSeconds } = readIdToken(text('subjectToken'), provider, nowMs);
    const seconds = Math.max(1, Math.floor(Math.min(endSeconds * 1000 - nowMs, exchange_LONGEST_MS) / 1000));
    return {
        access_token: tokens.issue(seconds * 1000),
        issued_token_type: ACCESS_TOKEN,
        token_type: 'Bearer',
        expires_in: seconds,
    };
}

;// CONCATENATED MODULE: ./build/src/local/identity/impersonate.js



/** The longest that a token lives where no policy of the organization says otherwise, and how long without a word of it. */
const impersonate_LONGEST_MS = 3600 * 1000;
/** A service account's address, or its unique id. */
const ACCOUNT = /^(?:[a-z0-9][a-z0-9.-]*@[a-z0-9.-]+\.gserviceaccount\.com|\d{21})$/;
const DELEGATE = /^projects\/-\/serviceAccounts\/([^/]+)$/;
const impersonate_invalid = (message) => new ApiError('INVALID_ARGUMENT', message);
/** Throws NOT_FOUND for what is spelled like no service account. All that are spelled like one exist here. */
function checkAccount(account) {
    if (!ACCOUNT.test(account))
        throw new ApiError('NOT_FOUND', `Not found; Gaia id not found for email ${account}`);
}
function isTexts(value) {
    return Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '');
}
function lifeMs(lifetime) {
    if (lifetime === undefined || lifetime === null)
        return impersonate_LONGEST_MS;
    const ms = typeof lifetime === 'string' ? durationMs(lifetime) : undefined;
    if (ms === undefined || ms <= 0)
        throw impersonate_invalid('lifetime must be a duration above zero, such as "3600s".');
    if (ms <= impersonate_LONGEST_MS)
        return ms;
    throw impersonate_invalid('The access token lifetime cannot exceed 3600 seconds where no constraints/iam.allowServiceAccountCredentialLifetimeExtension is set.');
}
function checkDelegates(delegates) {
    if (delegates === undefined || delegates === null)
        return;
    if (!isTexts(delegates))
        throw impersonate_invalid('delegates must be a list of projects/-/serviceAccounts/EMAIL.');
    for (const delegate of delegates) {
        const account = DELEGATE.exec(delegate)?.[1];
        if (account === undefined)
            throw impersonate_invalid(`Invalid delegate: it must be projects/-/serviceAccounts/EMAIL.`);
        checkAccount(account);
    }
}
/** Seconds alone, as the service writes it. */
const wholeSeconds = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
/**
 * An access token that acts as a service account (iamcredentials.googleapis.com, `:generateAccessToken`). Whoever reaches this
 * service may act as any. Throws INVALID_ARGUMENT, NOT_FOUND.
 */
function generateAccessToken(tokens, account, body, nowMs) {
    const given = isRecord(body) ? body : {};
    checkAccount(account);
    checkDelegates(given['delegates']);
    const { scope } = given;
    if (!isTexts(scope) || scope.length === 0)
        throw impersonate_invalid('At least one scope is required: scope is a list of texts.');
    const ms = lifeMs(given['lifetime']);
    return { accessToken: tokens.issue(ms), expireTime: wholeSeconds(nowMs + ms) };
}

;// CONCATENATED MODULE: ./build/src/local/identity/permissions.js


/** `SERVICE.RESOURCE.VERB`; which there are is IAM's to know. */
const PERMISSION = /^[a-z][a-z0-9]*(?:\.[A-Za-z0-9]+){2,}$/;
/** Of which service the permissions on a resource are; on a project those of every one. */
const permissions_SERVICES = {
    project: undefined,
    'service account': 'iam.',
    repository: 'artifactregistry.',
    bucket: 'storage.',
};
/** Of projects one cannot ask in advance whether one may make or list them (observed of Resource Manager). */
const OF_NO_PROJECT = new Set(['resourcemanager.projects.create', 'resourcemanager.projects.list']);
function isOf(guarded, permission) {
    if (!PERMISSION.test(permission))
        return false;
    if (guarded === 'project')
        return !OF_NO_PROJECT.has(permission);
    return permission.startsWith(permissions_SERVICES[guarded] ?? '');
}
const permissions_invalid = (message) => new ApiError('INVALID_ARGUMENT', message);
/**
 * The answer of a `testIamPermissions`: all that is asked for, as whoever reaches this service may do everything. Throws
 * INVALID_ARGUMENT for what is no permission, or none on such a resource.
 */
function grantedPermissions(guarded, body) {
    const permissions = isRecord(body) ? (body['permissions'] ?? []) : [];
    if (!Array.isArray(permissions))
        throw permissions_invalid('permissions must be a list of texts.');
    for (const text of permissions) {
        if (typeof text !== 'string')
            throw permissions_invalid('Each of permissions must be a text.');
        if (text.includes('*'))
            throw permissions_invalid("Permissions with wildcards (such as '*' or 'storage.*') are not allowed.");
        if (!isOf(guarded, text))
            throw permissions_invalid(`Permission ${text} is not valid for this resource.`);
    }
    return permissions.length === 0 ? {} : { permissions };
}

;// CONCATENATED MODULE: ./build/src/local/http/routes/identity.js






const identity_ACCOUNT = /^\/v1\/projects\/([^/]+)\/serviceAccounts\/([^/:]+):(generateAccessToken|testIamPermissions)$/;
const PROJECT = /^\/v[13]\/projects\/([^/]+?)(:testIamPermissions)?$/;
const REPOSITORY = /^\/v1\/projects\/([^/]+)\/locations\/([^/]+)\/repositories\/[a-z0-9-]+:testIamPermissions$/;
const ok = (body) => ({ http: 200, body });
/** IAM Credentials asks who it is in any case. */
function checkBearer({ authorization = '' }) {
    if (/^Bearer \S/i.test(authorization))
        return;
    throw new ApiError('UNAUTHENTICATED', 'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.');
}
function tokenReply({ tokens, clock }, body) {
    try {
        return ok(exchange(tokens, body, clock.now()));
    }
    catch (error) {
        if (error instanceof OAuthError)
            return { http: 400, body: error.body };
        throw error;
    }
}
function accountReply(identity, { path, headers, body }) {
    const [, project = '', account = '', verb] = identity_ACCOUNT.exec(path) ?? [];
    checkAccount(account);
    if (verb === 'testIamPermissions')
        return ok(grantedPermissions('service account', body));
    checkBearer(headers);
    if (project !== '-') {
        throw new ApiError('INVALID_ARGUMENT', `The account's project must be written as "-", not ${JSON.stringify(project)}.`);
    }
    return ok(generateAccessToken(identity.tokens, account, body, identity.clock.now()));
}
/** Every project that is spelled like one exists here. */
function projectReply({ method, path, body }) {
    const [, project = '', verb] = PROJECT.exec(path) ?? [];
    // Checked as where jobs are made; the location is of no matter.
    placeOf(project, 'global');
    if (verb !== undefined)
        return method === 'POST' ? ok(grantedPermissions('project', body)) : undefined;
    if (method !== 'GET')
        return undefined;
    const [projectId, number] = [project, projectNumber(project)];
    return path.startsWith('/v3/')
        ? ok({ name: `projects/${number}`, projectId, displayName: projectId, state: 'ACTIVE' })
        : ok({ projectNumber: number, projectId, name: projectId, lifecycleState: 'ACTIVE' });
}
/**
 * Answers a request about who somebody is and what they may do: Security Token Service, IAM Credentials, IAM, Resource Manager
 * and Artifact Registry, as far as a sign-in and a look at permissions need them; undefined for one that is for none. Throws
 * ApiError.
 */
function identityReply(identity, request) {
    const { method, path, body } = request;
    if (path === '/v1/token')
        return method === 'POST' ? tokenReply(identity, body) : undefined;
    if (PROJECT.test(path))
        return projectReply(request);
    if (method !== 'POST')
        return undefined;
    if (identity_ACCOUNT.test(path))
        return accountReply(identity, request);
    const [, project, location] = REPOSITORY.exec(path) ?? [];
    if (project === undefined || location === undefined)
        return undefined;
    placeOf(project, location);
    return ok(grantedPermissions('repository', body));
}

;// CONCATENATED MODULE: ./build/src/local/api/filter-tokens.js
const COMPARATORS = ['!=', '<=', '>=', '=', '<', '>', ':'];
/** Cloud Logging compares with regular expressions too. */
const PATTERNS = ['=~', '!~'];
const filter_tokens_KNOWN = {
    list: COMPARATORS,
    logging: [...PATTERNS, ...COMPARATORS],
};
const SPACE = /\s+/y;
/** Up to the line's end; a minus that is no comment stands once, before what it negates. */
const SPACE_OR_COMMENT = /(?:\s|--[^\n]*)+/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/y;
/** A name, with quoted parts after its dots. */
const WORD = /[^\s()=!<>:"',]+(?:(?<=\.)"(?:[^"\\]|\\.)*"(?:\.[^\s()=!<>:"',]*)?)*/y;
const SEGMENT = /"((?:[^"\\]|\\.)*)"|[^."]+/g;
/** After a comparator a value may hold signs, as a time does. */
const VALUE = /[^\s()"',]+/y;
function matchAt(pattern, text, at) {
    pattern.lastIndex = at;
    return pattern.exec(text);
}
function unquoted(match) {
    return (match[1] ?? match[2] ?? '').replace(/\\(.)/gs, '$1');
}
function sign(text) {
    return { kind: 'sign', text, path: [] };
}
function pathOf(word) {
    return [...word.matchAll(SEGMENT)].map((match) => match[1]?.replace(/\\(.)/gs, '$1') ?? match[0]);
}
/** The token at `at` where no value is expected, or undefined when none can start there. */
function tokenAt(text, at, comparators) {
    const character = text[at] ?? '';
    const found = (token, length) => ({ ...token, at, end: at + length });
    if (character === '(' || character === ')')
        return found(sign(character), 1);
    const comparator = comparators.find((known) => text.startsWith(known, at));
    if (comparator !== undefined)
        return found({ kind: 'comparator', text: comparator, path: [] }, comparator.length);
    if (character === '-')
        return found(sign('-'), 1);
    const quoted = matchAt(QUOTED, text, at);
    if (quoted !== null) {
        const inner = unquoted(quoted);
        return found({ kind: 'text', text: inner, path: [inner] }, quoted[0].length);
    }
    const word = matchAt(WORD, text, at)?.[0];
    if (word === undefined)
        return undefined;
    const isKeyword = ['AND', 'OR', 'NOT'].includes(word);
    return found(isKeyword ? sign(word) : { kind: 'word', text: word, path: pathOf(word) }, word.length);
}
/** The filter's tokens. What cannot start one becomes a sign of its own, which the parser refuses by name. */
function tokens(text, dialect = 'list') {
    const found = [];
    const between = dialect === 'logging' ? SPACE_OR_COMMENT : SPACE;
    let at = 0;
    while (at < text.length) {
        const space = matchAt(between, text, at);
        if (space !== null) {
            at += space[0].length;
            continue;
        }
        const value = found.at(-1)?.kind === 'comparator' ? matchAt(VALUE, text, at)?.[0] : undefined;
        const next = value !== undefined
            ? { kind: 'word', text: value, path: [value], at, end: at + value.length }
            : (tokenAt(text, at, filter_tokens_KNOWN[dialect]) ?? { ...sign(text[at] ?? ''), at, end: at + 1 });
        found.push(next);
        at = next.end;
    }
    return found;
}

;// CONCATENATED MODULE: ./build/src/local/api/filter.js

/** A filter that cannot be read; the message says where. */
class FilterError extends Error {
    name = 'FilterError';
    /** Where, in characters from the start. */
    at;
    /** What stands there; empty at the end. */
    token;
    constructor(message, at, token) {
        super(message);
        this.at = at;
        this.token = token;
    }
}
/** Deeper nesting than any client writes; keeps a hostile filter from exhausting the stack. */
const MAX_DEPTH = 50;
/** Recursive descent over the tokens. OR binds tighter than AND, and NOT tighter than both, in AIP-160 and in Logging. */
class Parser {
    #tokens;
    #at = 0;
    #depth = 0;
    #length;
    constructor(text, dialect) {
        this.#tokens = tokens(text, dialect);
        this.#length = text.length;
    }
    whole() {
        if (this.#tokens.length === 0)
            return { all: [] };
        const filter = this.#conjunction();
        const rest = this.#tokens[this.#at];
        if (rest !== undefined)
            throw this.#error(`unexpected ${JSON.stringify(rest.text)}`);
        return filter;
    }
    #conjunction() {
        const parts = [this.#disjunction()];
        for (;;) {
            if (this.#accept('AND'))
                parts.push(this.#disjunction());
            else if (this.#startsTerm())
                parts.push(this.#disjunction());
            else
                return parts.length === 1 && parts[0] !== undefined ? parts[0] : { all: parts };
        }
    }
    #disjunction() {
        const parts = [this.#term()];
        while (this.#accept('OR'))
            parts.push(this.#term());
        return parts.length === 1 && parts[0] !== undefined ? parts[0] : { any: parts };
    }
    #term() {
        this.#depth += 1;
        if (this.#depth > MAX_DEPTH)
            throw this.#error('nested too deeply');
        try {
            if (this.#accept('NOT') || this.#accept('-'))
                return { not: this.#term() };
            if (!this.#accept('('))
                return this.#restriction();
            const inner = this.#conjunction();
            this.#expect(')');
            return inner;
        }
        finally {
            this.#depth -= 1;
        }
    }
    #restriction() {
        const left = this.#tokens[this.#at];
        if (left === undefined)
            throw this.#error('it ends where a term is expected');
        if (left.kind !== 'word' && left.kind !== 'text')
            throw this.#error(`unexpected ${JSON.stringify(left.text)}`);
        const comparator = this.#tokens[this.#at + 1];
        if (comparator?.text === '(' && comparator.at === left.end)
            throw this.#error(`the function ${left.text} is not known`);
        this.#at += 1;
        if (comparator?.kind !== 'comparator')
            return { text: left.text };
        this.#at += 1;
        return this.#values(left.path, comparator.text);
    }
    /** One value, or several in parentheses: `field=("a" OR "b")`. */
    #values(path, comparator) {
        const open = this.#tokens[this.#at];
        if (this.#accept('(')) {
            const inner = this.#conjunction();
            this.#expect(')');
            const given = distribute(inner, path, comparator);
            if (given !== undefined)
                return given;
            const problem = `only values may stand in the parentheses after ${path.join('.')}${comparator}`;
            throw new FilterError(problem, open?.at ?? 0, '(');
        }
        const value = this.#tokens[this.#at];
        if (value === undefined || (value.kind !== 'word' && value.kind !== 'text')) {
            throw this.#error(`a value is expected after ${path.join('.')}${comparator}`);
        }
        this.#at += 1;
        return { path, comparator, value: value.text };
    }
    #startsTerm() {
        const next = this.#tokens[this.#at];
        return (next !== undefined && (next.kind === 'word' || next.kind === 'text' || ['(', 'NOT', '-'].includes(next.text)));
    }
    #accept(text) {
        const next = this.#tokens[this.#at];
        if (next?.kind !== 'sign' || next.text !== text)
            return false;
        this.#at += 1;
        return true;
    }
    #expect(text) {
        if (!this.#accept(text))
            throw this.#error(`${text} is missing`);
    }
    /** At the token that is looked at. */
    #error(problem) {
        const token = this.#tokens[this.#at];
        return new FilterError(problem, token?.at ?? this.#length, token?.text ?? '');
    }
}
/** Undefined where anything but values stands in the parentheses. */
function distribute(inner, path, comparator) {
    if ('text' in inner)
        return { path, comparator, value: inner.text };
    if ('path' in inner)
        return undefined;
    if ('not' in inner) {
        const not = distribute(inner.not, path, comparator);
        return not && { not };
    }
    const parts = ('all' in inner ? inner.all : inner.any).map((part) => distribute(part, path, comparator));
    const given = parts.filter((part) => part !== undefined);
    if (given.length < parts.length)
        return undefined;
    return 'all' in inner ? { all: given } : { any: given };
}
/** The filter that `text` spells; an empty one takes everything. Throws `FilterError`. */
function parseFilter(text, dialect = 'list') {
    return new Parser(text, dialect).whole();
}
/** Whether something passes the filter; `holds` decides a single comparison, `contains` a bare text. */
function passes(filter, holds, contains) {
    if ('all' in filter)
        return filter.all.every((part) => passes(part, holds, contains));
    if ('any' in filter)
        return filter.any.some((part) => passes(part, holds, contains));
    if ('not' in filter)
        return !passes(filter.not, holds, contains);
    return 'text' in filter ? contains(filter.text) : holds(filter);
}
/** The comparisons that every match must meet: those that no OR or NOT stands before. */
function required(filter) {
    if ('all' in filter)
        return filter.all.flatMap(required);
    return 'path' in filter ? [filter] : [];
}
/** Every comparison in the filter. */
function comparisons(filter) {
    if ('all' in filter)
        return filter.all.flatMap(comparisons);
    if ('any' in filter)
        return filter.any.flatMap(comparisons);
    if ('not' in filter)
        return comparisons(filter.not);
    return 'path' in filter ? [filter] : [];
}

;// CONCATENATED MODULE: ./build/src/local/api/list-filter.js




const list_filter_refused = (problem) => new ApiError('INVALID_ARGUMENT', `Invalid filter: ${problem}`);
function own(table, name) {
    return Object.hasOwn(table, name) ? table[name] : undefined;
}
/** Whether `text` is what `pattern` describes; `*` stands for any run of characters. Each part is looked for once. */
function isLike(text, pattern) {
    const [first = '', ...rest] = pattern.split('*');
    const last = rest.pop();
    if (last === undefined)
        return text === first;
    if (!text.startsWith(first) || !text.endsWith(last))
        return false;
    let at = first.length;
    for (const part of rest) {
        const found = text.indexOf(part, at);
        if (found === -1)
            return false;
        at = found + part.length;
    }
    return at <= text.length - last.length;
}
function textHolds(found, comparator, value) {
    if (comparator === '!=')
        return found !== value;
    if (found === undefined)
        return false;
    return comparator === ':' ? isLike(found, value) : found === value;
}
function list_filter_timeHolds(found, { comparator, value }) {
    const left = found === undefined ? undefined : nanosOf(found);
    const right = nanosOf(value);
    return left !== undefined && right !== undefined && ordered(left, comparator, right);
}
function labelHolds(labels, { path, comparator, value }) {
    const [, key] = path;
    return key === undefined ? Object.hasOwn(labels, value) : textHolds(own(labels, key), comparator, value);
}
function list_filter_holds(resource, comparison, fields) {
    const field = camelCase(comparison.path[0] ?? '');
    if (field === 'labels')
        return labelHolds(fields.labels(resource) ?? {}, comparison);
    const text = own(fields.texts, field);
    if (text === undefined)
        return list_filter_timeHolds(own(fields.times, field)?.(resource), comparison);
    const { read, spelled = (value) => value } = text;
    return textHolds(read(resource), comparison.comparator, spelled(comparison.value));
}
function comparatorProblem(name, comparator, accepted) {
    return accepted.includes(comparator) ? undefined : `${name} cannot be compared with ${comparator}`;
}
function problemOf({ path, comparator, value }, fields) {
    const field = camelCase(path[0] ?? '');
    const name = path.join('.');
    // `labels:key` asks whether there is such a label.
    if (field === 'labels' && path.length <= 2) {
        return comparatorProblem(name, comparator, path.length === 1 ? [':'] : ['=', '!=', ':']);
    }
    const text = path.length === 1 ? own(fields.texts, field) : undefined;
    if (text !== undefined)
        return comparatorProblem(name, comparator, text.comparators);
    if (path.length !== 1 || own(fields.times, field) === undefined)
        return `the field ${name} is not known`;
    if (comparator === ':')
        return `${name} cannot be compared with :`;
    return nanosOf(value) === undefined
        ? `${name} is compared with ${JSON.stringify(value)}, which is no time`
        : undefined;
}
function readFilter(text) {
    try {
        return parseFilter(text);
    }
    catch (error) {
        if (error instanceof FilterError)
            throw list_filter_refused(error.message);
        throw error;
    }
}
/** The test that a list request's `filter` describes. Throws INVALID_ARGUMENT with the reason when it cannot be read. */
function resourceFilter(text, fields) {
    const filter = readFilter(text);
    const problem = comparisons(filter)
        .map((comparison) => problemOf(comparison, fields))
        .find((found) => found !== undefined);
    if (problem !== undefined)
        throw list_filter_refused(problem);
    const noText = (word) => {
        throw list_filter_refused(`${JSON.stringify(word)} is compared with nothing`);
    };
    return (resource) => passes(filter, (comparison) => list_filter_holds(resource, comparison, fields), noText);
}

;// CONCATENATED MODULE: ./build/src/local/resources/list-filter.js


const EQUALITY = ['=', '!='];
const LIKENESS = [...EQUALITY, ':'];
/** A state by its name, where a filter gives its number. */
function stateName(value, collection) {
    const states = enumSchema(collection === 'trainingPipelines' ? 'PipelineState' : 'JobState') ?? {};
    return Object.keys(states).find((name) => String(states[name]) === value) ?? value;
}
const DEFINITION = {
    read: (resource) => resource.trainingTaskDefinition,
    comparators: LIKENESS,
};
/** The fields and comparators of the list methods (the protos' comments on `filter`), and no others. */
function fieldsOf(collection) {
    return {
        texts: {
            displayName: { read: ({ displayName }) => displayName, comparators: LIKENESS },
            state: {
                read: ({ state }) => state,
                comparators: EQUALITY,
                spelled: (value) => stateName(value, collection),
            },
            ...(collection === 'trainingPipelines' ? { trainingTaskDefinition: DEFINITION } : {}),
        },
        times: { createTime: ({ createTime }) => createTime },
        labels: ({ labels }) => labels,
    };
}
/** The test that a list of jobs' `filter` describes. Throws INVALID_ARGUMENT with the reason when it cannot be read. */
function listFilter(text, collection) {
    return resourceFilter(text, fieldsOf(collection));
}

;// CONCATENATED MODULE: ./build/src/local/http/page.js



/** Default and most resources on a page; the service's numbers are not documented. */
const PAGE = { fallback: 100, most: 1000 };
/**
 * Where a page starts. Its token names the resource that it comes after, so that those made meanwhile move no page, and
 * where the page before started: if the resource has gone meanwhile, or passes the filter no more, that page is gone
 * through again, so that none is passed over.
 */
function startOf(position, keys) {
    const [, start = '0', after] = /^(\d+) (.*)$/s.exec(String(position ?? '')) ?? [];
    if (after === undefined)
        return 0;
    const index = keys.indexOf(after);
    return index < 0 ? Number(start) : index + 1;
}
/** The page of a list that a request asks for, its fields cut to the read mask. Throws INVALID_ARGUMENT. */
function pageOf(query, { key, message, found, keyOf, request }) {
    const token = parameter(query, 'pageToken', 'page_token') ?? undefined;
    const size = pageSizeOf(parameter(query, 'pageSize', 'page_size'), PAGE.fallback, PAGE.most);
    const start = startOf(positionOf(token, request), found.map(keyOf));
    const page = found.slice(start, start + size);
    const last = page.at(-1);
    const hasMore = last !== undefined && start + size < found.length;
    const mask = message === undefined ? null : parameter(query, 'readMask', 'read_mask');
    if (message !== undefined)
        checkMask(mask, message);
    return {
        ...(page.length > 0 ? { [key]: page.map((resource) => masked(resource, mask)) } : {}),
        ...(hasMore ? { nextPageToken: pageToken(`${start} ${keyOf(last)}`, request) } : {}),
    };
}

;// CONCATENATED MODULE: ./build/src/local/http/routes/jobs.js







function collectionOf(target) {
    if (!isCollection(target.collection))
        throw new Error(`${target.collection} holds no jobs`);
    return target.collection;
}
function create(jobs, target, { body }) {
    const { place } = target;
    switch (collectionOf(target)) {
        case 'customJobs':
            return jobs.createCustomJob(place, readCustomJob(body));
        case 'hyperparameterTuningJobs':
            return jobs.createTuningJob(place, readTuningJob(body));
        case 'trainingPipelines':
            return jobs.createPipeline(place, readPipeline(body));
    }
}
/** A list answer holds the jobs without their trials. */
function withoutTrials(job) {
    const { trials: _trials, ...rest } = job;
    return rest;
}
function jobs_list(jobs, target, { query }) {
    const filter = query.get('filter') ?? '';
    const passes = listFilter(filter, collectionOf(target));
    const all = jobs.store.list(target.place, collectionOf(target)).map(({ resource }) => resource);
    return pageOf(query, {
        key: target.collection,
        message: KINDS[collectionOf(target)].name,
        found: all.filter(passes).map(withoutTrials),
        keyOf: ({ name = '' }) => name,
        request: [target.collection, target.place.projectNumber, target.place.location, filter],
    });
}
/** The methods of custom jobs, tuning jobs and training pipelines. */
function jobHandlers(jobs, operations) {
    const recordOf = (target) => jobs.store.get(target.place, collectionOf(target), target.id ?? '');
    return {
        'POST collection': (target, request) => create(jobs, target, request),
        'GET collection': (target, request) => jobs_list(jobs, target, request),
        'GET item': (target, { query }) => {
            const mask = parameter(query, 'readMask', 'read_mask');
            checkMask(mask, KINDS[collectionOf(target)].name);
            return masked(recordOf(target).resource, mask);
        },
        'POST item:cancel': (target) => {
            jobs.cancel(recordOf(target));
            return {};
        },
        'DELETE item': (target) => {
            jobs.delete(recordOf(target));
            return operations.deleted(target.place);
        },
    };
}

;// CONCATENATED MODULE: ./build/src/local/http/routes/locations.js





const PATH = /^\/(?:v1|v1beta1|ui)\/projects\/([^/]+)\/locations(?:\/([^/:]+))?$/;
const locations_COMPARATORS = ['=', '!=', ':'];
const FIELDS = {
    texts: {
        name: { read: ({ name }) => name, comparators: locations_COMPARATORS },
        locationId: { read: ({ locationId }) => locationId, comparators: locations_COMPARATORS },
        // A region has no other name than its id here.
        displayName: { read: ({ locationId }) => locationId, comparators: locations_COMPARATORS },
    },
    times: {},
    labels: ({ labels }) => labels,
};
function locationOf(projectNumber, locationId) {
    return {
        name: `projects/${projectNumber}/locations/${locationId}`,
        locationId,
        labels: { 'cloud.googleapis.com/region': locationId },
    };
}
/**
 * google.cloud.location.Locations: the regions that train custom jobs. Jobs may be made in others too, which are as good here.
 * Undefined where a request is for none. Throws INVALID_ARGUMENT, NOT_FOUND.
 */
function locationsAnswer({ method, path, query }) {
    const [whole, project = '', id] = PATH.exec(path) ?? [];
    if (whole === undefined || method !== 'GET')
        return undefined;
    const { projectNumber } = placeOf(project, id ?? 'global');
    if (id !== undefined) {
        if (TRAINING_REGIONS.includes(id))
            return locationOf(projectNumber, id);
        throw new ApiError('NOT_FOUND', `Location ${id} is not found or access is unauthorized.`);
    }
    const filter = query.get('filter') ?? '';
    const all = TRAINING_REGIONS.map((region) => locationOf(projectNumber, region));
    return pageOf(query, {
        key: 'locations',
        found: all.filter(resourceFilter(filter, FIELDS)),
        keyOf: ({ locationId }) => locationId,
        request: ['locations', projectNumber, filter],
    });
}

;// CONCATENATED MODULE: ./build/src/local/api/order.js


function order_refused(text, fields) {
    const known = Object.keys(fields).join(', ');
    return new ApiError('INVALID_ARGUMENT', `Invalid order_by ${JSON.stringify(text)}: it takes ${known}, with asc or desc.`);
}
/**
 * The order that a list request's `orderBy` (`display_name, create_time desc`) describes, for Array.sort; undefined where
 * it names none. `fields` are those that the method takes, by their camelCase names; times sort as their RFC 3339 texts.
 * Throws INVALID_ARGUMENT.
 */
function resourceOrder(text, fields) {
    if (text.trim() === '')
        return undefined;
    const keys = text.split(',').map((part) => {
        const [, name = '', direction = 'asc'] = /^([a-zA-Z_]+)(?:\s+(asc|desc))?$/.exec(part.trim()) ?? [];
        const field = camelCase(name);
        const read = Object.hasOwn(fields, field) ? fields[field] : undefined;
        if (read === undefined)
            throw order_refused(text, fields);
        return { read, sign: direction === 'desc' ? -1 : 1 };
    });
    return (left, right) => {
        for (const { read, sign } of keys) {
            const [one = '', other = ''] = [read(left), read(right)];
            if (one !== other)
                return one < other ? -sign : sign;
        }
        return 0;
    };
}

;// CONCATENATED MODULE: ./build/src/local/models/list-filter.js

const list_filter_EQUALITY = ['=', '!='];
/** The fields of ListModelsRequest.filter; no model here has a base model. */
const MODEL = {
    texts: {
        model: { read: ({ name = '' }) => name.split('/').at(-1), comparators: list_filter_EQUALITY },
        displayName: { read: ({ displayName }) => displayName, comparators: list_filter_EQUALITY },
        baseModelName: { read: () => undefined, comparators: ['='] },
    },
    times: {},
    labels: ({ labels }) => labels,
};
/** The test that `filter` describes for a list of models. Throws INVALID_ARGUMENT with the reason when it cannot be read. */
const modelFilter = (text) => resourceFilter(text, MODEL);
/** The same for a list of a model's versions, which takes labels alone (ListModelVersionsRequest.filter). */
const versionFilter = (text) => resourceFilter(text, { ...MODEL, texts: {} });

;// CONCATENATED MODULE: ./build/src/local/http/routes/models.js







/** A model's full name, and the version or alias behind its `@`. */
function referenceOf({ place, id = '' }) {
    const [model, version] = id.split('@');
    return { name: `${parentName(place)}/models/${model}`, version };
}
/** The same of a method that takes one version only. Throws INVALID_ARGUMENT without. */
function versionIn(target) {
    const { name, version } = referenceOf(target);
    if (version !== undefined)
        return { name, version };
    throw new ApiError('INVALID_ARGUMENT', `A model version is required: ${name}@VERSION.`);
}
/** The same of a method that takes a model as a whole. Throws INVALID_ARGUMENT where a version is named. */
function modelIn(target) {
    const { name, version } = referenceOf(target);
    if (version === undefined)
        return name;
    throw new ApiError('INVALID_ARGUMENT', `A model without its version is required: ${name}.`);
}
const TIMES = {
    createTime: ({ createTime }) => createTime,
    updateTime: ({ updateTime }) => updateTime,
};
const VERSION_TIMES = {
    createTime: ({ versionCreateTime }) => versionCreateTime,
    updateTime: ({ versionUpdateTime }) => versionUpdateTime,
};
const orderOf = (query) => parameter(query, 'orderBy', 'order_by') ?? '';
/** Latest first where nothing else is asked: the service's own order is not documented. */
function models_list(registry, { place }, { query }) {
    const prefix = `${parentName(place)}/models/`;
    const filter = query.get('filter') ?? '';
    const order = resourceOrder(orderOf(query), { displayName: ({ displayName }) => displayName, ...TIMES });
    const found = registry.store.defaults(prefix).reverse().filter(modelFilter(filter));
    const request = [prefix, filter, orderOf(query)];
    return pageOf(query, { key: 'models', message: 'Model', found: found.sort(order ?? (() => 0)), keyOf, request });
}
/** Each version under its own name, `…/models/ID@VERSION` (the proto's comment). */
function listVersions(registry, target, { query }) {
    const { name } = referenceOf(target);
    const filter = query.get('filter') ?? '';
    const order = resourceOrder(orderOf(query), VERSION_TIMES);
    const found = [...registry.store.versions(name)].reverse().filter(versionFilter(filter));
    return pageOf(query, {
        key: 'models',
        message: 'Model',
        found: found.sort(order ?? (() => 0)).map((model) => ({ ...model, name: `${name}@${model.versionId}` })),
        keyOf,
        request: [name, 'versions', filter, orderOf(query)],
    });
}
const keyOf = ({ name = '' }) => name;
/** The methods of the model registry. */
function modelHandlers(registry, uploads, operations) {
    const { store } = registry;
    return {
        'POST collection:upload': ({ place }, { body }) => uploads.begin(place, readUpload(body)),
        'GET collection': (target, request) => models_list(registry, target, request),
        'GET item': (target) => {
            const { name, version } = referenceOf(target);
            return store.get(name, version);
        },
        'GET item:listVersions': (target, request) => listVersions(registry, target, request),
        'POST item:mergeVersionAliases': (target, { body }) => {
            const { name, version } = versionIn(target);
            return store.changeAliases(name, version, readAliases(body), registry.time());
        },
        'DELETE item': (target) => {
            store.delete(modelIn(target));
            return operations.deleted(target.place);
        },
        'DELETE item:deleteVersion': (target) => {
            const { name, version } = versionIn(target);
            store.deleteVersion(name, version);
            return operations.deleted(target.place);
        },
    };
}

;// CONCATENATED MODULE: ./build/src/local/http/routes/operations.js






function timeOf({ metadata }, key) {
    const { genericMetadata } = metadata;
    return textAt(genericMetadata, key);
}
/** What operations are filtered by; the service's own fields are not documented. */
const operations_FIELDS = {
    texts: {
        name: { read: ({ name }) => name, comparators: ['=', '!=', ':'] },
        done: { read: ({ done }) => String(done === true), comparators: ['=', '!=', ':'] },
    },
    times: {
        createTime: (operation) => timeOf(operation, 'createTime'),
        updateTime: (operation) => timeOf(operation, 'updateTime'),
    },
    labels: () => undefined,
};
function operations_list(operations, { place, within }, { query }) {
    const filter = query.get('filter') ?? '';
    const parent = within ?? parentName(place);
    return pageOf(query, {
        key: 'operations',
        found: operations.list(parent).filter(resourceFilter(filter, operations_FIELDS)),
        keyOf: ({ name }) => name,
        request: [parent, 'operations', filter],
    });
}
/** As long as a request may take; the service's own bound is not documented. */
const LONGEST_WAIT_MS = 60_000;
function waitMs(body) {
    const timeout = textAt(body, 'timeout');
    if (timeout === undefined)
        return LONGEST_WAIT_MS;
    const ms = durationMs(timeout);
    if (ms === undefined || ms < 0)
        throw new ApiError('INVALID_ARGUMENT', `Invalid timeout: ${JSON.stringify(timeout)}.`);
    return Math.min(ms, LONGEST_WAIT_MS);
}
/** google.longrunning.Operations. */
function operationHandlers(operations) {
    const get = ({ place, id = '' }) => operations.get(place, id);
    return {
        'GET collection': (target, request) => operations_list(operations, target, request),
        'GET item': get,
        'POST item:cancel': ({ place, id = '' }) => {
            operations.cancel(place, id);
            return {};
        },
        'DELETE item': ({ place, id = '' }) => {
            operations.delete(place, id);
            return {};
        },
        'POST item:wait': ({ place, id = '' }, { body }) => operations.wait(place, id, waitMs(body)),
    };
}

;// CONCATENATED MODULE: ./build/src/local/storage/error.js
/** A refusal in the form of Cloud Storage's JSON API, which is older than google.rpc's. */
class StorageError extends Error {
    name = 'StorageError';
    http;
    /** `notFound`, `conditionNotMet`, … https://cloud.google.com/storage/docs/json_api/v1/status-codes */
    reason;
    /** What of the request was at fault: `{locationType: 'header', location: 'If-Match'}`. */
    where;
    /** Headers of the answer. */
    headers;
    constructor(http, reason, message, { where = {}, headers = {} } = {}) {
        super(message);
        this.http = http;
        this.reason = reason;
        this.where = where;
        this.headers = headers;
    }
    /** The body of the answer. */
    get body() {
        const { http: code, message, reason, where } = this;
        return { error: { code, message, errors: [{ message, domain: 'global', reason, ...where }] } };
    }
}
const noObject = (bucket, name) => new StorageError(404, 'notFound', `No such object: ${bucket}/${name}`);

;// CONCATENATED MODULE: ./build/src/local/storage/notes.js


/** What is told of an object that nobody has said anything of. */
const NO_NOTE = { attributes: {}, metageneration: 1 };
const versionOf = ({ size, changedNs }) => `${size} ${changedNs}`;
const notes_keyOf = ({ bucket, name }) => `${bucket}/${name}`;
function isKept(value) {
    return isRecord(value) && isRecord(value['attributes']) && typeof value['metageneration'] === 'number';
}
function readLines(path) {
    const known = new Map();
    let text = '';
    try {
        text = (0,external_node_fs_namespaceObject.readFileSync)(path, 'utf8');
    }
    catch {
        return known;
    }
    for (const line of text.split('\n')) {
        try {
            const [key, kept] = JSON.parse(line);
            if (isKept(kept))
                known.set(key, kept);
            else
                known.delete(key);
        }
        catch {
            // The last line of a process that was killed.
        }
    }
    return known;
}
/** What writers have said of objects: in memory, and in a file that only grows until the next start. */
class Notes {
    #path;
    #known;
    /** The file need not be there yet. */
    constructor(path) {
        this.#path = path;
    }
    /** What is known of an object whose file has these facts. */
    of(object, facts) {
        const kept = this.#all().get(notes_keyOf(object));
        return kept?.version === versionOf(facts) ? kept : NO_NOTE;
    }
    set(object, facts, { attributes, metageneration }) {
        const kept = { version: versionOf(facts), attributes, metageneration };
        this.#all().set(notes_keyOf(object), kept);
        this.#append(notes_keyOf(object), kept);
    }
    delete(object) {
        if (this.#all().delete(notes_keyOf(object)))
            this.#append(notes_keyOf(object), null);
    }
    #append(key, kept) {
        (0,external_node_fs_namespaceObject.appendFileSync)(this.#path, `${JSON.stringify([key, kept])}\n`, { mode: 0o600 });
    }
    #all() {
        if (this.#known !== undefined)
            return this.#known;
        this.#known = readLines(this.#path);
        if (this.#known.size > 0) {
            const lines = [...this.#known].map((entry) => `${JSON.stringify(entry)}\n`);
            (0,external_node_fs_namespaceObject.writeFileSync)(`${this.#path}.new`, lines.join(''), { mode: 0o600 });
            (0,external_node_fs_namespaceObject.renameSync)(`${this.#path}.new`, this.#path);
        }
        return this.#known;
    }
}

;// CONCATENATED MODULE: ./build/src/local/storage/resource.js



/** The types of what trainings write, by their names' ends, as gcsfuse guesses them. */
const resource_TYPES = {
    '.csv': 'text/csv',
    '.html': 'text/html',
    '.json': 'application/json',
    '.png': 'image/png',
    '.svg': 'image/svg+xml',
    '.txt': 'text/plain',
};
/** The content type of an object of that name. */
function contentTypeOf(name) {
    return resource_TYPES[(0,external_node_path_namespaceObject.extname)(name).toLowerCase()] ?? 'application/octet-stream';
}
/** The generation of a file's content: microseconds since the epoch, as the service's look. Every change gives another. */
function generationOf({ changedNs }) {
    return String(changedNs / 1000n);
}
const metagenerationOf = ({ metageneration }) => String(metageneration);
function etagOf(facts, note) {
    return Buffer.from(`${generationOf(facts)}/${metagenerationOf(note)}`).toString('base64');
}
/** The times are those at which the file was written, so that programs that set them are believed. */
function timesOf({ writtenNs }) {
    const time = timestampOf(Number(writtenNs / 1000000n));
    return { timeCreated: time, updated: time, timeStorageClassUpdated: time };
}
/** An object as the API tells it. */
function objectResource(base, { bucket, name }, { facts, note, checksums }) {
    const generation = generationOf(facts);
    const path = `b/${bucket}/o/${encodeURIComponent(name)}`;
    return {
        kind: 'storage#object',
        id: `${bucket}/${name}/${generation}`,
        selfLink: `${base}/storage/v1/${path}`,
        mediaLink: `${base}/download/storage/v1/${path}?generation=${generation}&alt=media`,
        name,
        bucket,
        generation,
        metageneration: metagenerationOf(note),
        contentType: contentTypeOf(name),
        ...note.attributes,
        storageClass: 'STANDARD',
        size: String(facts.size),
        ...(checksums === undefined ? {} : { md5Hash: checksums.md5Hash, crc32c: checksums.crc32c }),
        etag: etagOf(facts, note),
        ...timesOf(facts),
    };
}
/** One for all buckets, whatever the region of the job. */
const resource_LOCATION = { location: 'US-CENTRAL1', locationType: 'region' };
/** Where a bucket lies, and that its names know no folders: gcloud asks before it copies. */
function bucketLayout(bucket) {
    return { kind: 'storage#storageLayout', bucket, ...resource_LOCATION, hierarchicalNamespace: { enabled: false } };
}
/**
 * A bucket as the API tells it. Every name that a bucket can have is one here, since a job makes its buckets by naming
 * them.
 */
function bucketResource(base, bucket) {
    const time = timestampOf(0);
    return {
        kind: 'storage#bucket',
        id: bucket,
        selfLink: `${base}/storage/v1/b/${bucket}`,
        name: bucket,
        metageneration: metagenerationOf(NO_NOTE),
        ...resource_LOCATION,
        storageClass: 'STANDARD',
        etag: 'CAE=',
        timeCreated: time,
        updated: time,
        iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
    };
}

;// CONCATENATED MODULE: ./build/src/local/storage/conditions.js


const notMet = (header) => new StorageError(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.', {
    where: { locationType: 'header', location: header },
});
/**
 * Checks what a request asks of the object that it means. Tells whether the object is to be answered with; false where
 * the caller has it already. Throws StorageError.
 */
function isToBeSent(query, { bucket, name }, { facts, note }) {
    const [generation, metageneration] = [generationOf(facts), metagenerationOf(note)];
    const asked = (key) => query.get(key) ?? undefined;
    const differs = (key, value) => asked(key) !== undefined && asked(key) !== value;
    // No generation but the live one is kept.
    if (differs('generation', generation))
        throw noObject(bucket, name);
    if (differs('ifGenerationMatch', generation) || differs('ifMetagenerationMatch', metageneration)) {
        throw notMet('If-Match');
    }
    return asked('ifGenerationNotMatch') !== generation && asked('ifMetagenerationNotMatch') !== metageneration;
}
/**
 * Checks what a request asks of the object in whose place another is to be put, or of there being none (generation 0).
 * Throws StorageError.
 */
function mustBeReplaceable(query, current) {
    const generation = current === undefined ? '0' : generationOf(current.facts);
    const metageneration = current === undefined ? undefined : metagenerationOf(current.note);
    const asked = (key) => query.get(key) ?? undefined;
    const differs = (key, value) => asked(key) !== undefined && asked(key) !== value;
    const equals = (key, value) => asked(key) !== undefined && asked(key) === value;
    if (differs('ifGenerationMatch', generation) || differs('ifMetagenerationMatch', metageneration)) {
        throw notMet('If-Match');
    }
    if (equals('ifGenerationNotMatch', generation) || equals('ifMetagenerationNotMatch', metageneration)) {
        throw notMet('If-None-Match');
    }
}

;// CONCATENATED MODULE: ./build/src/local/storage/listing.js
const bytes = (text) => Buffer.from(text, 'utf8');
/** Cloud Storage orders names by their UTF-8 bytes. */
function inOrder(names) {
    const keyed = names.map((name) => ({ name, key: bytes(name) }));
    return keyed.sort((left, right) => Buffer.compare(left.key, right.key)).map(({ name }) => name);
}
const listing_isBefore = (left, right) => Buffer.compare(bytes(left), bytes(right)) < 0;
function isWithin(name, { prefix, startOffset, endOffset }) {
    if (!name.startsWith(prefix))
        return false;
    if (startOffset !== '' && listing_isBefore(name, startOffset))
        return false;
    return endOffset === '' || listing_isBefore(name, endOffset);
}
/** The prefix by which the page tells a name; undefined where it tells the name itself. */
function foldedTo(name, { prefix, delimiter }) {
    const at = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
    return at === -1 ? undefined : name.slice(0, at + delimiter.length);
}
/** The page of a bucket's objects that `listing` asks for, from the names of them all in any order. */
function pageOfNames(names, listing) {
    const { after, most } = listing;
    const within = names.filter((name) => isWithin(name, listing));
    const isFolded = new Map(inOrder(within).map((name) => {
        const prefix = foldedTo(name, listing);
        return [prefix ?? name, prefix !== undefined];
    }));
    const all = [...isFolded.keys()].filter((entry) => after === undefined || listing_isBefore(after, entry));
    const page = all.slice(0, most);
    return {
        items: page.filter((entry) => isFolded.get(entry) !== true),
        prefixes: page.filter((entry) => isFolded.get(entry) === true),
        next: page.length < all.length ? page.at(-1) : undefined,
    };
}

;// CONCATENATED MODULE: ./build/src/local/http/routes/buckets.js







const buckets_BUCKET = /^\/storage\/v1\/b\/([^/]+)(\/iam\/testPermissions|\/storageLayout)?$/;
/** Most buckets on a page (buckets.list). */
const MOST = 1_000;
function buckets_told(request, body) {
    return { http: 200, body: selected(body, readFields(request.query.get('fields'))) };
}
async function buckets_list({ objects }, request) {
    const { query, base } = request;
    const prefix = query.get('prefix') ?? '';
    const after = positionOf(query.get('pageToken') ?? undefined, ['buckets', prefix]);
    const names = (await objects.buckets()).filter((name) => name.startsWith(prefix)).sort();
    const rest = names.filter((name) => typeof after !== 'string' || name > after);
    const page = rest.slice(0, pageSizeOf(query.get('maxResults'), MOST, MOST, 'maxResults'));
    const last = page.at(-1);
    return buckets_told(request, {
        kind: 'storage#buckets',
        ...(last !== undefined && page.length < rest.length ? { nextPageToken: pageToken(last, ['buckets', prefix]) } : {}),
        ...(page.length > 0 ? { items: page.map((name) => bucketResource(base, name)) } : {}),
    });
}
function checkedName(name) {
    if (typeof name === 'string' && isBucketName(name))
        return name;
    throw new StorageError(400, 'invalid', `Invalid bucket name: '${typeof name === 'string' ? name : ''}'`);
}
async function insert({ writer }, request) {
    const name = checkedName(isRecord(request.body) ? request.body['name'] : undefined);
    if (await writer.makeBucket(name))
        return buckets_told(request, bucketResource(request.base, name));
    const message = 'Your previous request to create the named bucket succeeded and you already own it.';
    throw new StorageError(409, 'conflict', message);
}
/** Throws ApiError for what is no permission on a bucket. */
function permissions({ query }) {
    const granted = grantedPermissions('bucket', { permissions: query.getAll('permissions') });
    return { http: 200, body: { kind: 'storage#testIamPermissionsResponse', ...granted } };
}
/** Answers a request for buckets; undefined for one that is for none. Throws StorageError. */
async function bucketReply(storage, request) {
    const { method, rawPath, base } = request;
    if (rawPath === '/storage/v1/b') {
        if (method === 'POST')
            return insert(storage, request);
        return method === 'GET' ? buckets_list(storage, request) : undefined;
    }
    const [whole, encoded = '', rest] = buckets_BUCKET.exec(rawPath) ?? [];
    if (whole === undefined || method !== 'GET')
        return undefined;
    const bucket = checkedName(decodeURIComponent(encoded));
    if (rest === '/storageLayout')
        return buckets_told(request, bucketLayout(bucket));
    return rest === undefined ? buckets_told(request, bucketResource(base, bucket)) : permissions(request);
}

;// CONCATENATED MODULE: ./build/src/local/storage/attributes.js


const TEXTS = ['contentType', 'contentEncoding', 'contentDisposition', 'contentLanguage', 'cacheControl'];
/** As much custom metadata as Cloud Storage takes, in bytes. https://cloud.google.com/storage/quotas#objects */
const MOST_METADATA = 8 * 1024;
const attributes_invalid = (message) => new StorageError(400, 'invalid', message);
/** A text that can stand in a header of an answer: the content's answer tells some of them there. */
function headerText(name, value) {
    if (typeof value === 'string' && /^[\t\x20-\x7e]*$/.test(value))
        return value;
    throw attributes_invalid(`Invalid value for ${name}: ${JSON.stringify(value)}`);
}
function changedMetadata(before, change) {
    if (change === null)
        return {};
    if (!isRecord(change))
        throw attributes_invalid('Invalid value for metadata: an object is expected.');
    const after = new Map(Object.entries(before));
    for (const [key, value] of Object.entries(change)) {
        if (value === null)
            after.delete(key);
        else
            after.set(key, String(value));
    }
    const metadata = Object.fromEntries(after);
    if (Buffer.byteLength(JSON.stringify(metadata)) > MOST_METADATA)
        throw attributes_invalid('The metadata is larger than 8 KiB.');
    return metadata;
}
/**
 * The attributes of an object after a change as `objects.patch` takes it: what is null is removed, what is not named
 * stays. Fields that this service does not keep are left out. Throws StorageError.
 */
function changedAttributes(before, change) {
    if (change === undefined)
        return before;
    if (!isRecord(change))
        throw attributes_invalid('An object is expected.');
    const texts = TEXTS.flatMap((name) => {
        const value = change[name] === undefined ? before[name] : change[name];
        return value === undefined || value === null || value === '' ? [] : [[name, headerText(name, value)]];
    });
    const { metadata: former = {} } = before;
    const metadata = change['metadata'] === undefined ? former : changedMetadata(former, change['metadata']);
    return { ...Object.fromEntries(texts), ...(Object.keys(metadata).length === 0 ? {} : { metadata }) };
}

;// CONCATENATED MODULE: ./build/src/local/storage/incoming.js


/** Writes bytes into a file from `position` on, the first `skip` of them left out; gives the position behind them. */
async function receive(content, file, { position, skip = 0, onBytes }) {
    let at = position;
    let left = skip;
    for await (const chunk of content) {
        const rest = chunk.subarray(Math.min(left, chunk.length));
        left -= chunk.length - rest.length;
        for (let written = 0; written < rest.length;) {
            const { bytesWritten } = await file.write(rest, written, rest.length - written, at);
            written += bytesWritten;
            at += bytesWritten;
        }
        onBytes?.(at);
    }
    return at;
}
/** Most of a JSON body that is read. */
const MOST_BYTES = 1024 * 1024;
/** A body that is JSON; undefined without one. Throws StorageError. */
async function jsonOf(content) {
    const chunks = [];
    let size = 0;
    for await (const chunk of content) {
        size += chunk.length;
        if (size > MOST_BYTES)
            throw new StorageError(400, 'invalid', 'The body is longer than 1 MiB.');
        chunks.push(chunk);
    }
    return incoming_parsed(Buffer.concat(chunks).toString('utf8'));
}
/** JSON as a value; undefined for no text. Throws StorageError. */
function incoming_parsed(text) {
    if (text.trim() === '')
        return undefined;
    try {
        return JSON.parse(text);
    }
    catch {
        throw new StorageError(400, 'parseError', 'Parse Error');
    }
}
/** What a sender says that its content's checksums are: in the object's fields, or in headers. */
function expectedChecksums(said, headers) {
    const inHeader = Object.fromEntries([headers['x-goog-hash'] ?? []].flat().flatMap((value) => value.split(',').map((pair) => {
        const [, name = '', hash = ''] = /^\s*([a-z0-9]+)=(.*?)\s*$/.exec(pair) ?? [];
        return [name, hash];
    })));
    const told = (key) => (isRecord(said) && typeof said[key] === 'string' ? said[key] : undefined);
    const contentMd5 = headers['content-md5'];
    const md5Hash = told('md5Hash') ?? inHeader['md5'] ?? (typeof contentMd5 === 'string' ? contentMd5 : undefined);
    const crc32c = told('crc32c') ?? inHeader['crc32c'];
    return { ...(md5Hash === undefined ? {} : { md5Hash }), ...(crc32c === undefined ? {} : { crc32c }) };
}

;// CONCATENATED MODULE: ./build/src/local/http/routes/changes.js







const changes_invalid = (message) => new StorageError(400, 'invalid', message);
/** Most sources of one object. https://cloud.google.com/storage/docs/composite-objects */
const MOST_SOURCES = 32;
/** Puts what the sources hold, one behind the other, in an object's place. */
async function joined({ objects, writer }, sources, target) {
    const path = await writer.newPath();
    try {
        const file = await (0,promises_namespaceObject.open)(path, 'wx', 0o600);
        try {
            let position = 0;
            for (const { where, query } of sources) {
                const source = await objects.open(where);
                try {
                    isToBeSent(query, where, source);
                    const end = source.facts.size - 1;
                    const content = source.handle.createReadStream({ start: 0, end: Math.max(end, 0), autoClose: false });
                    if (end >= 0)
                        position = await receive(content, file, { position });
                }
                finally {
                    await source.handle.close();
                }
            }
        }
        finally {
            await file.close();
        }
        return await writer.put({ ...target, path, expected: {} });
    }
    finally {
        await (0,promises_namespaceObject.rm)(path, { force: true });
    }
}
/** A text or a number as text; undefined for nothing, which Python's library sends as null. Throws StorageError for all else. */
function scalarText(value, name) {
    if (value === undefined || value === null)
        return undefined;
    if (typeof value === 'string' || typeof value === 'number')
        return String(value);
    throw changes_invalid(`Invalid value for ${name}: a text or a number is required.`);
}
function sourcesIn(body, bucket) {
    const given = isRecord(body) && Array.isArray(body['sourceObjects']) ? body['sourceObjects'].filter(isRecord) : [];
    if (given.length === 0 || given.length > MOST_SOURCES) {
        throw changes_invalid(`The number of source components must be between 1 and ${MOST_SOURCES}, not ${given.length}.`);
    }
    return given.map(({ name, generation, objectPreconditions }) => {
        const conditions = {
            generation,
            ifGenerationMatch: isRecord(objectPreconditions) ? objectPreconditions['ifGenerationMatch'] : undefined,
        };
        const query = new URLSearchParams();
        for (const [key, value] of Object.entries(conditions)) {
            const text = scalarText(value, key);
            if (text !== undefined)
                query.set(key, text);
        }
        return { where: { bucket, name: scalarText(name, 'name') ?? '' }, query };
    });
}
/** `objects.compose`. */
async function compose(storage, request, where) {
    const { body, query } = request;
    const attributes = changedAttributes({}, isRecord(body) ? body['destination'] : undefined);
    return joined(storage, sourcesIn(body, where.bucket), { where, attributes, query });
}
const SOURCE_CONDITIONS = {
    sourceGeneration: 'generation',
    ifSourceGenerationMatch: 'ifGenerationMatch',
    ifSourceMetagenerationMatch: 'ifMetagenerationMatch',
};
/** `objects.rewrite`, which always ends in one step here, and `objects.copy`. */
async function copy(storage, request, from, where) {
    const conditions = new URLSearchParams();
    for (const [name, plain] of Object.entries(SOURCE_CONDITIONS)) {
        const value = request.query.get(name);
        if (value !== null)
            conditions.set(plain, value);
    }
    const source = await storage.objects.get(from, false);
    // Whoever sends fields sends all of them.
    const attributes = isRecord(request.body) ? changedAttributes({}, request.body) : source.note.attributes;
    return joined(storage, [{ where: from, query: conditions }], {
        where,
        attributes,
        query: request.query,
    });
}
const COPY = /^\/storage\/v1\/b\/([^/]+)\/o\/([^/]+)\/(rewriteTo|copyTo)\/b\/([^/]+)\/o\/([^/]+)$/;
const OBJECT = /^\/storage\/v1\/b\/([^/]+)\/o\/([^/]+?)(\/compose)?$/;
function objectIn(bucket, name) {
    const where = { bucket: decodeURIComponent(bucket ?? ''), name: decodeURIComponent(name ?? '') };
    if (!isBucketName(where.bucket))
        throw changes_invalid(`Invalid bucket name: '${where.bucket}'`);
    return where;
}
async function copyReply(storage, request, tell) {
    const [whole, fromBucket, fromName, kind, bucket, name] = COPY.exec(request.rawPath) ?? [];
    if (whole === undefined || request.method !== 'POST')
        return undefined;
    const where = objectIn(bucket, name);
    const object = await copy(storage, request, objectIn(fromBucket, fromName), where);
    if (kind === 'copyTo')
        return tell(request, where.bucket, object);
    const size = String(object.facts.size);
    const { body: resource } = tell({ ...request, query: new URLSearchParams() }, where.bucket, object);
    const body = { kind: 'storage#rewriteResponse', totalBytesRewritten: size, objectSize: size, done: true, resource };
    return { http: 200, body };
}
/** Answers a request that changes objects; undefined for one that does not. Throws StorageError. */
async function changeReply(storage, request, tell) {
    const copied = await copyReply(storage, request, tell);
    if (copied !== undefined)
        return copied;
    const [whole, bucket, name, verb] = OBJECT.exec(request.rawPath) ?? [];
    if (whole === undefined)
        return undefined;
    const where = objectIn(bucket, name);
    const { query, body } = request;
    switch (`${request.method}${verb ?? ''}`) {
        case 'POST/compose':
            return tell(request, where.bucket, await compose(storage, request, where));
        case 'DELETE':
            await storage.writer.remove(where, query);
            return { http: 204, body: undefined, text: '' };
        case 'PATCH':
            return tell(request, where.bucket, await storage.writer.change(where, query, (one) => changedAttributes(one, body)));
        case 'PUT':
            return tell(request, where.bucket, await storage.writer.change(where, query, () => changedAttributes({}, body)));
        default:
            return undefined;
    }
}

;// CONCATENATED MODULE: ./build/src/local/storage/range.js
/**
 * What a Range header asks for of so many bytes (RFC 9110, 14.2): undefined for all of them, which is also the answer to
 * several ranges and to a header that is none; `unsatisfiable` where it begins behind the end.
 */
function rangeOf(header, size) {
    const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? '') ?? [];
    if (from === '' && to === '')
        return undefined;
    if (from === '')
        return suffixOf(Number(to), size);
    const first = Number(from);
    const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
    if (to !== '' && Number(to) < first)
        return undefined;
    return first < size ? { first, last } : 'unsatisfiable';
}
function suffixOf(length, size) {
    return length === 0 || size === 0 ? 'unsatisfiable' : { first: Math.max(0, size - length), last: size - 1 };
}

;// CONCATENATED MODULE: ./build/src/local/http/routes/media.js




/** What an object's writer has said that its content's answer tells. */
function saidHeaders({ attributes }) {
    const { contentEncoding, contentDisposition, contentLanguage, cacheControl } = attributes;
    const headers = {
        'content-encoding': contentEncoding,
        'content-disposition': contentDisposition,
        'content-language': contentLanguage,
        'cache-control': cacheControl,
    };
    return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
function rangeIn({ headers }, size) {
    const range = rangeOf(headers.range, size);
    if (range !== 'unsatisfiable')
        return range;
    throw new StorageError(416, 'requestedRangeNotSatisfiable', 'Request range not satisfiable', {
        headers: { 'content-range': `bytes */${size}` },
    });
}
/** The bytes of an open file as far as it was long when it was opened: it may be written on meanwhile. */
async function media_opened(objects, { name }, file, request) {
    const { handle, facts, note } = file;
    const range = rangeIn(request, facts.size);
    const { first, last } = range ?? { first: 0, last: facts.size - 1 };
    const checksums = await objects.quickChecksums(file);
    const headers = {
        'accept-ranges': 'bytes',
        'content-type': note.attributes.contentType ?? contentTypeOf(name),
        ...saidHeaders(note),
        etag: etagOf(facts, note),
        'x-goog-generation': generationOf(facts),
        ...(checksums === undefined ? {} : { 'x-goog-hash': `crc32c=${checksums.crc32c},md5=${checksums.md5Hash}` }),
        'x-goog-metageneration': metagenerationOf(note),
        'x-goog-storage-class': 'STANDARD',
        'x-goog-stored-content-encoding': note.attributes.contentEncoding ?? 'identity',
        'x-goog-stored-content-length': String(facts.size),
        ...(range === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${facts.size}` }),
    };
    return {
        http: range === undefined ? 200 : 206,
        body: undefined,
        content: {
            headers,
            length: last - first + 1,
            stream: () => handle.createReadStream({ start: first, end: last, autoClose: false }),
            dispose: () => void handle.close().catch(() => { }),
        },
    };
}
/** The content of an object, or the range of it that is asked for. Throws StorageError. */
async function mediaOf(objects, where, request) {
    const file = await objects.open(where);
    try {
        if (isToBeSent(request.query, where, file))
            return await media_opened(objects, where, file, request);
    }
    catch (error) {
        await file.handle.close();
        throw error;
    }
    await file.handle.close();
    return { http: 304, body: {} };
}

;// CONCATENATED MODULE: ./build/src/local/storage/multipart.js

/** As much as is held in memory of what is said of an object. */
const MOST_SAID = 1024 * 1024;
const broken = (what) => new StorageError(400, 'badContent', `Malformed multipart body: ${what}.`);
/** The delimiter in a Content-Type header's `boundary`. Throws StorageError. */
function boundaryOf(contentType) {
    // gcloud puts it between single quotes, which are none of it.
    const [, quoted, single, plain] = /;\s*boundary=(?:"([^"]+)"|'([^']+)'|([^\s;"]+))/i.exec(contentType) ?? [];
    const boundary = quoted ?? single ?? plain;
    if (boundary === undefined || boundary.length > 200)
        throw broken('no boundary');
    return boundary;
}
/** Takes a stream apart at delimiters, holding no more of it than a delimiter may lie across. */
class Cutter {
    #source;
    #held = Buffer.alloc(0);
    #over = false;
    constructor(source) {
        this.#source = source[Symbol.asyncIterator]();
    }
    /** The bytes before the next `delimiter`, which is left out. Throws StorageError where none comes. */
    async *until(delimiter) {
        for (;;) {
            const at = this.#held.indexOf(delimiter);
            if (at >= 0) {
                const before = this.#held.subarray(0, at);
                this.#held = this.#held.subarray(at + delimiter.length);
                if (before.length > 0)
                    yield before;
                return;
            }
            const safe = this.#held.length - delimiter.length + 1;
            if (safe > 0) {
                const part = this.#held.subarray(0, safe);
                this.#held = this.#held.subarray(safe);
                yield part;
            }
            await this.#more();
        }
    }
    /** The same as text. */
    async textUntil(delimiter) {
        const chunks = [];
        let size = 0;
        for await (const chunk of this.until(Buffer.from(delimiter))) {
            size += chunk.length;
            if (size > MOST_SAID)
                throw broken('a part that is too long');
            chunks.push(chunk);
        }
        return Buffer.concat(chunks).toString('utf8');
    }
    async #more() {
        const { done, value } = this.#over ? { done: true, value: undefined } : await this.#source.next();
        this.#over = done === true;
        if (value === undefined)
            throw broken('it ends before its last boundary');
        this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value]);
    }
}
/** Most headers of a part. */
const MOST_HEADERS = 50;
/** A part's headers, up to its empty line. */
async function headersOf(cutter, eol) {
    const lines = [];
    for (;;) {
        const line = await cutter.textUntil(eol);
        if (line === '')
            return lines;
        lines.push(line);
        if (lines.length > MOST_HEADERS)
            throw broken('too many headers');
    }
}
/** Reads an upload in two parts. Throws StorageError. */
async function readParts(source, boundary) {
    const cutter = new Cutter(source);
    await cutter.textUntil(`--${boundary}`);
    // gcloud ends its lines without a carriage return: how the first one ends, so do all that are not content.
    const eol = `${await cutter.textUntil('\n')}\n`;
    if (!['\n', '\r\n'].includes(eol))
        throw broken('a boundary that is not followed by a line end');
    const delimiter = `${eol}--${boundary}`;
    await headersOf(cutter, eol);
    const said = await cutter.textUntil(delimiter);
    await cutter.textUntil(eol);
    const headers = await headersOf(cutter, eol);
    const types = headers.map((line) => /^content-type:(.*)$/i.exec(line)?.[1]?.trim());
    const contentType = types.find((type) => type !== undefined);
    return { said, contentType, content: cutter.until(Buffer.from(delimiter)) };
}

;// CONCATENATED MODULE: ./build/src/local/storage/sessions.js




/** What `Content-Range` says of a request: `bytes 0-99/200`, `bytes 0-99/*`, or `bytes *` with a size. Throws StorageError. */
function pieceRange(header) {
    if (header === undefined)
        return { first: 0, total: undefined, isLast: true };
    const [whole, first, total] = /^bytes (?:(\d{1,15})-\d{1,15}|\*)\/(\d{1,15}|\*)$/.exec(header.trim()) ?? [];
    if (whole === undefined)
        throw new StorageError(400, 'invalid', `Failed to parse Content-Range header: ${header}`);
    const numberOf = (text) => (text === undefined || text === '*' ? undefined : Number(text));
    return { first: numberOf(first), total: numberOf(total), isLast: false };
}
/** Most uploads that are remembered; the one begun first is forgotten first, as Cloud Storage forgets them after a week. */
const sessions_MOST = 1_000;
/** Uploads that come in several requests. */
class Sessions {
    #writer;
    #known = new Map();
    constructor(writer) {
        this.#writer = writer;
    }
    /** Begins an upload, and gives its id. */
    async begin(begun) {
        const id = (0,external_node_crypto_namespaceObject.randomBytes)(24).toString('base64url');
        const path = await this.#writer.newPath();
        this.#known.set(id, { ...begun, path, received: 0, total: undefined, object: undefined, turn: Promise.resolve() });
        const [oldest] = this.#known.keys();
        if (this.#known.size > sessions_MOST && oldest !== undefined)
            await this.cancel(oldest);
        return id;
    }
    /** Goes on with an upload, after what is under way for it. What comes before a connection ends is kept. Throws StorageError. */
    go(id, piece) {
        const session = this.#get(id);
        const result = session.turn.then(() => this.#go(id, session, piece));
        session.turn = result.catch(() => { });
        return result;
    }
    /** Gives an upload up. Throws StorageError. */
    async cancel(id) {
        const { path } = this.#get(id);
        this.#known.delete(id);
        await (0,promises_namespaceObject.rm)(path, { force: true });
    }
    #get(id) {
        const session = this.#known.get(id);
        if (session === undefined)
            throw new StorageError(404, 'notFound', `No such upload: ${id}`);
        return session;
    }
    async #go(id, session, piece) {
        if (session.object !== undefined)
            return { object: session.object };
        session.total ??= piece.total;
        if (piece.total !== undefined && piece.total !== session.total) {
            throw new StorageError(400, 'invalid', `The size of the upload was ${session.total} before, not ${piece.total}.`);
        }
        if (piece.first !== undefined)
            await this.#receive(session, piece, piece.first);
        if (piece.isLast)
            session.total ??= session.received;
        if (session.received !== session.total)
            return { received: session.received };
        try {
            return { object: await this.#finished(session, piece) };
        }
        catch (error) {
            // Its content is gone: whoever wants it has to begin again.
            this.#known.delete(id);
            throw error;
        }
    }
    async #receive(session, { content }, first) {
        if (first > session.received) {
            const message = `Invalid request. According to the Content-Range header, the upload offset is ${first} byte(s), which exceeds already uploaded size of ${session.received} byte(s).`;
            throw new StorageError(503, 'backendError', message);
        }
        const file = await sessions_opened(session.path);
        try {
            await receive(content, file, {
                position: session.received,
                skip: session.received - first,
                onBytes: (position) => {
                    session.received = position;
                },
            });
        }
        finally {
            await file.close();
        }
        if (session.total !== undefined && session.received > session.total) {
            throw new StorageError(400, 'invalid', `More than the ${session.total} bytes that were announced have come.`);
        }
    }
    async #finished(session, { expected }) {
        const { where, path, attributes, query } = session;
        if (session.received === 0)
            await (await sessions_opened(path)).close();
        const all = { ...session.expected, ...expected };
        session.object = await this.#writer.put({ where, path, attributes, query, expected: all });
        return session.object;
    }
}
/** Opened to be written to at any place, and made where it is missing. */
async function sessions_opened(path) {
    try {
        return await (0,promises_namespaceObject.open)(path, 'r+');
    }
    catch {
        return (0,promises_namespaceObject.open)(path, 'wx', 0o600);
    }
}

;// CONCATENATED MODULE: ./build/src/local/http/routes/uploads.js








const uploads_invalid = (message) => new StorageError(400, 'invalid', message);
/** Google's clients ask for either, by the kind of upload. */
const uploads_PATH = /^\/(?:resumable\/)?upload\/storage\/v1\/b\/([^/]+)\/o$/;
const uploads_textOf = (value) => (typeof value === 'string' ? value : undefined);
/** The object that an upload is for, with what is said of it. Throws StorageError. */
function begunBy(request, bucket, said, contentType) {
    const { query, headers } = request;
    const name = query.get('name') ?? (isRecord(said) ? uploads_textOf(said['name']) : undefined);
    if (name === undefined || name === '')
        throw new StorageError(400, 'required', 'Required parameter: name');
    const encoding = query.get('contentEncoding') ?? undefined;
    const sent = {
        ...(contentType === undefined ? {} : { contentType }),
        ...(encoding && { contentEncoding: encoding }),
    };
    const attributes = changedAttributes(changedAttributes({}, sent), said ?? {});
    return { where: { bucket, name }, attributes, expected: expectedChecksums(said, headers), query };
}
/** Keeps the content as a whole, and puts it in its object's place. */
async function whole({ writer }, begun, content) {
    const path = await writer.newPath();
    try {
        const file = await (0,promises_namespaceObject.open)(path, 'wx', 0o600);
        try {
            await receive(content, file, { position: 0 });
        }
        finally {
            await file.close();
        }
        return await writer.put({ ...begun, path });
    }
    finally {
        await (0,promises_namespaceObject.rm)(path, { force: true });
    }
}
async function inTwoParts(storage, request, bucket) {
    const parts = await readParts(request.content, boundaryOf(request.headers['content-type'] ?? ''));
    return whole(storage, begunBy(request, bucket, incoming_parsed(parts.said), parts.contentType), parts.content);
}
async function uploads_begin({ sessions }, request, bucket) {
    const said = await jsonOf(request.content);
    const type = uploads_textOf(request.headers['x-upload-content-type']);
    const id = await sessions.begin(begunBy(request, bucket, said, type));
    const query = new URLSearchParams(request.query);
    query.set('upload_id', id);
    const location = `${request.base}${request.rawPath}?${query}`;
    return { http: 200, body: undefined, text: '', headers: { location, 'x-guploader-uploadid': id } };
}
async function goOn({ sessions }, request, where, tell) {
    const { headers, content } = request;
    const expected = expectedChecksums(undefined, headers);
    const progress = await sessions.go(where.id, { ...pieceRange(headers['content-range']), content, expected });
    if ('object' in progress)
        return tell(request, where.bucket, progress.object);
    const { received } = progress;
    const range = received === 0 ? {} : { range: `bytes=0-${received - 1}` };
    return { http: 308, body: undefined, text: '', headers: { ...range, 'x-guploader-uploadid': where.id } };
}
async function ofSession(storage, request, where, tell) {
    if (request.method === 'PUT' || request.method === 'POST')
        return goOn(storage, request, where, tell);
    if (request.method !== 'DELETE')
        throw uploads_invalid(`Not a method of an upload: ${request.method}`);
    await storage.sessions.cancel(where.id);
    // What Cloud Storage answers who gives an upload up. https://cloud.google.com/storage/docs/performing-resumable-uploads
    return { http: 499, body: undefined, text: '' };
}
const isUploadPath = ({ path }) => uploads_PATH.test(path);
/** Answers a request for an upload; undefined for one that is for none. Throws StorageError. */
async function uploadReply(storage, request, tell) {
    if (!isUploadPath(request))
        return undefined;
    const bucket = decodeURIComponent(uploads_PATH.exec(request.rawPath)?.[1] ?? '');
    if (!isBucketName(bucket))
        throw uploads_invalid(`Invalid bucket name: '${bucket}'`);
    const id = request.query.get('upload_id');
    if (id !== null)
        return ofSession(storage, request, { bucket, id }, tell);
    if (request.method !== 'POST')
        return undefined;
    switch (request.query.get('uploadType')) {
        case 'resumable':
            return uploads_begin(storage, request, bucket);
        case 'multipart':
            return tell(request, bucket, await inTwoParts(storage, request, bucket));
        case 'media': {
            const begun = begunBy(request, bucket, undefined, request.headers['content-type']);
            return tell(request, bucket, await whole(storage, begun, request.content));
        }
        default:
            throw uploads_invalid('uploadType must be media, multipart or resumable.');
    }
}

;// CONCATENATED MODULE: ./build/src/local/http/routes/storage.js












/** As they stand in the request: an object's slashes are encoded, so that its name is one part of the path. */
const storage_PATH = /^\/(?:download\/)?storage\/v1\/b\/([^/]+)\/o(?:\/([^/]+))?$/;
/** Most objects and prefixes on a page, and as many where nothing is asked (objects.list). */
const storage_MOST = 1_000;
/** Whether a request is for Cloud Storage's JSON API. */
const isForStorage = ({ path }) => /^\/(?:download\/|(?:resumable\/)?upload\/)?storage\/v1\//.test(path);
function notKnown({ method, path }) {
    return new StorageError(404, 'notFound', `This service does not know ${method} ${path}`);
}
const wantsChecksums = (selection) => wants(selection, 'crc32c') || wants(selection, 'md5Hash');
async function storage_list(objects, bucket, request) {
    const { query } = request;
    const text = (key) => query.get(key) ?? '';
    const [prefix, delimiter] = [text('prefix'), text('delimiter')];
    const [startOffset, endOffset] = [text('startOffset'), text('endOffset')];
    const selection = readFields(query.get('fields'));
    const asked = [bucket, prefix, delimiter, startOffset, endOffset];
    const after = positionOf(query.get('pageToken') ?? undefined, asked);
    const names = await objects.names(bucket, prefix);
    const page = pageOfNames(names, {
        ...{ prefix, delimiter, startOffset, endOffset },
        after: typeof after === 'string' ? after : undefined,
        most: pageSizeOf(query.get('maxResults'), storage_MOST, storage_MOST, 'maxResults'),
    });
    const ofItems = typeof selection === 'boolean' ? selection : selection.get('items');
    const found = await objects.found(bucket, page.items, wantsChecksums(ofItems));
    const items = found.map((object) => resourceOf(request, bucket, object));
    const answer = {
        kind: 'storage#objects',
        ...(page.next === undefined ? {} : { nextPageToken: pageToken(page.next, asked) }),
        ...(page.prefixes.length > 0 ? { prefixes: page.prefixes } : {}),
        ...(items.length > 0 ? { items } : {}),
    };
    return selected(answer, selection);
}
function resourceOf(request, bucket, object) {
    return objectResource(request.base, { bucket, name: object.name }, object);
}
/** An object with those of its fields that are asked for. */
function storage_told(request, bucket, object) {
    const selection = readFields(request.query.get('fields'));
    return { http: 200, body: selected(resourceOf(request, bucket, object), selection) };
}
async function metadata(objects, bucket, name, request) {
    const selection = readFields(request.query.get('fields'));
    const object = await objects.get({ bucket, name }, wantsChecksums(selection));
    return isToBeSent(request.query, { bucket, name }, object) ? storage_told(request, bucket, object) : { http: 304, body: {} };
}
async function read(objects, request) {
    const [, encodedBucket = '', encodedName] = storage_PATH.exec(request.rawPath) ?? [];
    if (!['GET', 'HEAD'].includes(request.method) || encodedBucket === '')
        throw notKnown(request);
    const bucket = decodeURIComponent(encodedBucket);
    if (!isBucketName(bucket))
        throw new StorageError(400, 'invalid', `Invalid bucket name: '${bucket}'`);
    if (encodedName === undefined)
        return { http: 200, body: await storage_list(objects, bucket, request) };
    const name = decodeURIComponent(encodedName);
    if (request.query.get('alt') !== 'media')
        return metadata(objects, bucket, name, request);
    return mediaOf(objects, { bucket, name }, request);
}
async function storage_replyTo(storage, request) {
    return ((await uploadReply(storage, request, storage_told)) ??
        (await bucketReply(storage, request)) ??
        (await changeReply(storage, request, storage_told)) ??
        read(storage.objects, request));
}
function storageError(error) {
    if (error instanceof StorageError)
        return error;
    if (error instanceof ApiError)
        return new StorageError(RPC_CODES[error.rpc].http, 'invalid', error.message);
    throw error;
}
/** What is said to who asks for content is plain text, not JSON (observed). */
function refusalOf({ http, body, message, headers }, { query }) {
    return { http, body, headers, ...(query.get('alt') === 'media' ? { text: message } : {}) };
}
/** Answers requests for Cloud Storage's JSON API. Only what no caller is to blame for is thrown. */
function storageRoute(storage) {
    return async (request) => {
        try {
            return await storage_replyTo(storage, request);
        }
        catch (error) {
            return refusalOf(storageError(error), request);
        }
    };
}

;// CONCATENATED MODULE: ./build/src/local/http/routes.js












/** Google's clients ask for operations below `/ui/`, as the service's own configuration lists it first. */
const routes_PATH = /^\/(?:v1|v1beta1|ui(?=\/.*\/operations(?:\/|$)))\/projects\/([^/]+)\/locations\/([^/]+)(?:\/((?:customJobs|hyperparameterTuningJobs|trainingPipelines|models)\/[a-z0-9_-]{1,63})(?=\/operations))?\/([A-Za-z]+)(?:\/([A-Za-z0-9_-]{1,63}(?:@[A-Za-z0-9-]{1,128})?))?(?::([A-Za-z]+))?$/;
/** Answers requests. Each answer throws ApiError. */
function router({ jobs, registry, uploads, logs, operations, storage, identity, }) {
    const ofJobs = jobHandlers(jobs, operations);
    const handlers = new Map([
        ['customJobs', ofJobs],
        ['hyperparameterTuningJobs', ofJobs],
        ['trainingPipelines', ofJobs],
        ['models', modelHandlers(registry, uploads, operations)],
        ['operations', operationHandlers(operations)],
    ]);
    const answer = async (request) => {
        if (request.path === '/v2/entries:list' && request.method === 'POST')
            return listEntries(logs, request.body);
        const locations = locationsAnswer(request);
        if (locations !== undefined)
            return locations;
        const [, project, location, owner, collection = '', id, verb] = routes_PATH.exec(request.path) ?? [];
        const action = `${request.method} ${id === undefined ? 'collection' : 'item'}${verb === undefined ? '' : `:${verb}`}`;
        const handler = handlers.get(collection)?.[action];
        if (handler === undefined || project === undefined || location === undefined) {
            throw new ApiError('NOT_FOUND', `This service does not know ${request.method} ${request.path}`);
        }
        const place = placeOf(project, location);
        const within = owner === undefined ? undefined : `${parentName(place)}/${owner}`;
        return encoded(await handler({ place, within, collection, id }, request), collection, request.query);
    };
    const answerStorage = storageRoute(storage);
    return async (asked) => {
        if (isForStorage(asked))
            return answerStorage(asked);
        // HEAD is GET without the body, which is not sent.
        const request = asked.method === 'HEAD' ? { ...asked, method: 'GET' } : asked;
        const selection = readFields(parameter(request.query, 'fields', '$fields'));
        const signIn = identityReply(identity, request);
        return signIn ?? { http: 200, body: selected(await answer(request), selection) };
    };
}

;// CONCATENATED MODULE: external "node:https"
const external_node_https_namespaceObject = require("node:https");
;// CONCATENATED MODULE: external "node:stream"
const external_node_stream_namespaceObject = require("node:stream");
;// CONCATENATED MODULE: ./build/src/local/http/guard.js


const guard_LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** The host part of `host[:port]`, or undefined when it is not of that form. */
function hostOf(authority) {
    return /^(\[[0-9a-f:]+\]|[^:[\]@/\s]+)(?::\d{1,5})?$/i.exec(authority)?.[1]?.toLowerCase();
}
function isLoopbackOrigin(origin) {
    const authority = /^https?:\/\/(.+)$/i.exec(origin)?.[1];
    const host = authority === undefined ? undefined : hostOf(authority);
    return host !== undefined && guard_LOOPBACK.has(host);
}
function sameText(left, right) {
    const digest = (text) => (0,external_node_crypto_namespaceObject.createHash)('sha256').update(text).digest();
    return (0,external_node_crypto_namespaceObject.timingSafeEqual)(digest(left), digest(right));
}
const bearerOf = ({ authorization = '' }) => /^Bearer (.+)$/i.exec(authorization)?.[1];
function checkHost(host) {
    const name = host === undefined ? undefined : hostOf(host);
    if (name !== undefined && guard_LOOPBACK.has(name))
        return;
    throw new ApiError('PERMISSION_DENIED', 'This service answers to the host names 127.0.0.1, localhost and [::1] only.');
}
/**
 * With a token of its own the service lets in that one and those that it issued to who had it. Without, it needs none and
 * takes any, but for one that it issued itself and whose time is over: so that clients learn to renew theirs. The token service
 * is no exception: Google's takes a workflow's word for who it is because of the issuer's signature, which cannot be checked
 * here, so that a door open for sign-in alone would be open to everybody on the machine.
 */
function checkToken(bearer, { token, stateOf = () => 'foreign' }) {
    const state = bearer === undefined ? 'foreign' : stateOf(bearer);
    if (state === 'expired') {
        throw new ApiError('UNAUTHENTICATED', 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.', [
            {
                '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
                reason: 'ACCESS_TOKEN_EXPIRED',
                domain: 'googleapis.com',
            },
        ]);
    }
    if (token === undefined || state === 'good')
        return;
    if (bearer !== undefined && sameText(bearer, token))
        return;
    throw new ApiError('UNAUTHENTICATED', 'Request had invalid authentication credentials. Expected the bearer token of this service.');
}
/**
 * Refuses what did not come from a program on this machine. Listening on loopback alone does not keep out a web page
 * that this machine's browser shows: a name that resolves to 127.0.0.1 shows in Host, the page itself in Origin. `hosts` are
 * all that a request names: in each Host, and in a target in absolute form, which counts as one (RFC 9112, section 3.2.2).
 */
function guard(headers, hosts, door) {
    checkHost(hosts[0]);
    for (const host of hosts)
        checkHost(host);
    if (headers.origin !== undefined && !isLoopbackOrigin(headers.origin)) {
        throw new ApiError('PERMISSION_DENIED', 'This service answers pages of this machine only.');
    }
    checkToken(bearerOf(headers), door);
}

;// CONCATENATED MODULE: ./build/src/local/http/json-body.js


/** As much of a broken line as is shown on either side of the place where it breaks. */
const SHOWN = 60;
/** The line where the text breaks with a mark below, where JSON.parse has told the place. */
function mark(text, told) {
    const position = /at position (\d+)/.exec(told)?.[1];
    if (position === undefined)
        return '';
    const at = Number(position);
    const before = (text
        .slice(0, at)
        .split(/[\r\n]/)
        .at(-1) ?? '').slice(-SHOWN);
    const after = (text.slice(at).split(/[\r\n]/)[0] ?? '').slice(0, SHOWN);
    return `\n${before}${after}\n${' '.repeat(before.length)}^`;
}
/** A request's JSON. Throws INVALID_ARGUMENT in the words of Google's front end. */
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch (error) {
        const told = messageOf(error);
        const what = told.includes('end of JSON input') ? 'Unexpected end of string.' : 'Unexpected token.';
        throw new ApiError('INVALID_ARGUMENT', `Invalid JSON payload received. ${what}${mark(text, told)}`);
    }
}

;// CONCATENATED MODULE: ./build/src/local/http/server.js








/** As much as Google's API takes of a JSON body, roughly. */
const MOST_BODY_BYTES = 10 * 1024 * 1024;
/** Uploads of objects may be of any size: their bytes are handed on as they come. */
const isUpload = (path) => /^\/(?:resumable\/)?upload\//.test(path);
function isForm({ 'content-type': type = '' }) {
    return /^application\/x-www-form-urlencoded(?:;|$)/i.test(type);
}
async function readBody(message) {
    const chunks = [];
    let size = 0;
    for await (const chunk of message) {
        size += chunk.length;
        if (size > MOST_BODY_BYTES) {
            throw new ApiError('INVALID_ARGUMENT', `Request payload size exceeds the limit: ${MOST_BODY_BYTES} bytes.`);
        }
        chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    if (text.trim() === '')
        return undefined;
    if (isForm(message.headers))
        return Object.fromEntries(new URLSearchParams(text));
    return parseJson(text);
}
/** The target's parts. One in absolute form, as proxies are sent it, names the authority too. */
function targetOf({ url = '/' }) {
    const [, authority, rest = url] = /^https?:\/\/([^/?]*)(.*)$/is.exec(url) ?? [];
    return { authority, rest: rest.startsWith('/') ? rest : `/${rest}` };
}
function hostsOf(message) {
    const { authority } = targetOf(message);
    return [...(message.headersDistinct['host'] ?? []), ...(authority === undefined ? [] : [authority])];
}
function target(rest) {
    const [rawPath = '', query = ''] = rest.split(/\?(.*)/s);
    try {
        return { path: decodeURIComponent(rawPath), rawPath, query: new URLSearchParams(query) };
    }
    catch {
        throw new ApiError('INVALID_ARGUMENT', 'The path of the request is not well encoded.');
    }
}
async function requestOf(message, isTls) {
    const { method = 'GET', headers } = message;
    const where = { ...target(targetOf(message).rest), base: `${isTls ? 'https' : 'http'}://${headers.host}` };
    if (isUpload(where.path))
        return { method, ...where, headers, body: undefined, content: message };
    return { method, ...where, headers, body: await readBody(message), content: external_node_stream_namespaceObject.Readable.from([]) };
}
/** Who asked has left before all was said: nothing of the service's is at fault. */
const isLeft = (error) => textAt(error, 'code') === 'ECONNRESET' && textAt(error, 'message') === 'aborted';
function server_refusal(error, { onFault }) {
    if (!(error instanceof ApiError || isLeft(error)))
        onFault(error);
    return errorAnswer(error);
}
async function server_replyTo(request, options) {
    try {
        return await options.answer(request);
    }
    catch (error) {
        return server_refusal(error, options);
    }
}
/** A reply's file is closed when whoever asked has gone, with or without it. */
function disposed(reply, response) {
    const { content } = reply;
    if (response.destroyed)
        content?.dispose();
    else if (content !== undefined)
        response.once('close', () => content.dispose());
    return reply;
}
async function serve(options, message, response) {
    const { headers } = message;
    try {
        guard(headers, hostsOf(message), options);
        options.onRequest();
        response.on('close', options.onRequest);
        const request = await requestOf(message, options.tls !== undefined);
        const reply = async (wanted) => disposed(await server_replyTo(wanted, options), response);
        if (options.intercept === undefined)
            send(response, await reply(request));
        else
            await options.intercept({ request, reply, response });
    }
    catch (error) {
        const refused = server_refusal(error, options);
        if (!response.headersSent)
            send(response, refused);
    }
}
/** Listens on loopback. */
function listen(options) {
    const answer = (message, response) => void serve(options, message, response);
    const server = options.tls === undefined ? (0,external_node_http_namespaceObject.createServer)(answer) : (0,external_node_https_namespaceObject.createServer)(options.tls, answer);
    return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.port, '127.0.0.1', () => {
            const address = server.address();
            resolve({ server, port: typeof address === 'object' && address !== null ? address.port : options.port });
        });
    });
}

;// CONCATENATED MODULE: ./build/src/local/identity/tokens.js

const tokens_FORM = /^ya29\.local-(\d{1,16})-([\w-]{22})\.([\w-]{43})$/;
/**
 * The access tokens that this process issues. Nothing is kept of them: each tells its own end, under a seal whose key only
 * this process has, so that none can be made elsewhere and none outlives the process.
 */
class Tokens {
    #clock;
    #key = (0,external_node_crypto_namespaceObject.randomBytes)(32);
    constructor(clock) {
        this.#clock = clock;
    }
    /** A token that is good for so many milliseconds from now; each is another. */
    issue(lifeMs) {
        const end = Math.floor(this.#clock.now() + lifeMs);
        const content = `${end}-${(0,external_node_crypto_namespaceObject.randomBytes)(16).toString('base64url')}`;
        return `ya29.local-${content}.${this.#seal(content)}`;
    }
    /** `foreign` is what was not issued here, or by an earlier process. */
    stateOf(token) {
        const [, end = '', word = '', seal = ''] = tokens_FORM.exec(token) ?? [];
        if (seal === '')
            return 'foreign';
        if (!(0,external_node_crypto_namespaceObject.timingSafeEqual)(Buffer.from(seal), Buffer.from(this.#seal(`${end}-${word}`))))
            return 'foreign';
        return this.#clock.now() < Number(end) ? 'good' : 'expired';
    }
    #seal(content) {
        return (0,external_node_crypto_namespaceObject.createHmac)('sha256', this.#key).update(content).digest('base64url');
    }
}

;// CONCATENATED MODULE: ./build/src/local/resources/types.js
/** Whether a job or pipeline is in a state that it never leaves. */
function isTerminal({ state = '' }) {
    return /_STATE_(?:SUCCEEDED|FAILED|CANCELLED|EXPIRED|PARTIALLY_SUCCEEDED)$/.test(state);
}

;// CONCATENATED MODULE: ./build/src/local/scheduling/resources.js




/**
 * What the job's machines have together, by the catalog. A pool without a machine type, which the service would refuse, and
 * one whose type the catalog does not know, need nothing.
 */
function needOf({ workerPoolSpecs }) {
    const needs = workerPoolSpecs.map((pool) => {
        const { vcpus = 0, memoryGiB = 0 } = MACHINES.get(pool.machineSpec?.machineType ?? '') ?? {};
        const replicas = replicaCount(pool);
        return { cpus: vcpus * replicas, memoryGiB: memoryGiB * replicas };
    });
    return sumOf(needs);
}
function sumOf(parts) {
    return {
        cpus: parts.reduce((sum, { cpus }) => sum + cpus, 0),
        memoryGiB: parts.reduce((sum, { memoryGiB }) => sum + memoryGiB, 0),
    };
}
/** Whether there is as much of both. */
function resources_isWithin(need, total) {
    return need.cpus <= total.cpus && need.memoryGiB <= total.memoryGiB;
}
/** CPUs and memory of the machine that the engine runs on. Throws `EngineError`. */
async function machineOf(engine) {
    const info = await engineCall(engine, { method: 'GET', path: '/info' });
    const number = (name) => (isRecord(info) && Number(info[name])) || Number.POSITIVE_INFINITY;
    return { cpus: number('NCPU'), memoryGiB: number('MemTotal') / 2 ** 30 };
}

;// CONCATENATED MODULE: ./build/src/local/scheduling/admission.js




function isCustomJob(record) {
    return record.collection === 'customJobs';
}
const words = ({ cpus, memoryGiB }) => `${cpus} CPUs and ${Number(memoryGiB.toFixed(1))} GiB of memory`;
/** What the log of a job says that has to wait; `who` is `This job` or `Each trial`. */
function waitNote(who, { need, total }) {
    const until = resources_isWithin(need, total)
        ? 'running jobs leave it that much'
        : 'no other job runs: it asks for more than all';
    return `${who} needs ${words(need)} and waits until ${until} of this region's ${words(total)}.`;
}
/** What it says of one that is larger than all there is. */
function aloneNote(who, { need, total }) {
    return `${who} asks for ${words(need)}, which is more than this region's ${words(total)}: it runs alone, with what there is.`;
}
/** Lets jobs run when there is room for them, and knows which have it. */
class Admission {
    #runtime;
    #scheduler;
    /** Jobs that ran already when they were taken up: how each leaves the room that it has. */
    #adopted = new Map();
    /** Without a scheduler there is room for every job at once. */
    constructor(runtime, scheduler) {
        this.#runtime = runtime;
        this.#scheduler = scheduler;
    }
    /**
     * Gives a job of an earlier process of the service its room at once, if it is a custom job or a trial that had begun to
     * run, and so may have containers. To be called before any other job asks.
     */
    adopt(record) {
        if (this.#scheduler === undefined || !isCustomJob(record))
            return;
        const { startTime, jobSpec } = record.resource;
        if (startTime === undefined || isTerminal(record.resource))
            return;
        this.#adopted.set(record, this.#scheduler.adopt(jobSpec));
    }
    /** Runs a job once there is room for it; until then it is QUEUED. One that is cancelled before goes to its end at once. */
    async run({ record, signal, who, say, run }) {
        const adopted = this.#adopted.get(record);
        this.#adopted.delete(record);
        if (adopted !== undefined)
            return run().finally(adopted);
        if (this.#scheduler === undefined)
            return run();
        const leave = await this.#scheduler.enter(record.resource.jobSpec, signal, {
            onWait: (fit) => {
                say(waitNote(who, fit));
                update(this.#runtime, record, { state: 'JOB_STATE_QUEUED' });
            },
            onAlone: (fit) => say(aloneNote(who, fit)),
        });
        if (!signal.aborted && record.resource.state === 'JOB_STATE_QUEUED') {
            update(this.#runtime, record, { state: 'JOB_STATE_PENDING' });
        }
        await run().finally(leave);
    }
    /** Leaves the room of those trials that were adopted and never came to their turn, as their tuning job failed before. */
    disown({ resource: { trials = [] } }) {
        const names = new Set(trials.map(({ customJob }) => customJob));
        for (const [record, leave] of this.#adopted) {
            if (!names.has(recordName(record)))
                continue;
            this.#adopted.delete(record);
            leave();
        }
    }
}

;// CONCATENATED MODULE: ./build/src/local/jobs/custom-job.js







const WEEK = '604800s';
function contextOf({ record, trial }) {
    return {
        spec: record.resource.jobSpec,
        projectNumber: record.place.projectNumber,
        region: record.place.location,
        // For a trial too: whether the service gives the trial's own job or the tuning job here is not documented.
        jobId: record.id,
        clusterId: clusterId(record.id),
        trialId: trial?.id,
    };
}
function sourceOf({ record, trial }) {
    if (trial === undefined)
        return { place: record.place, jobId: record.id };
    return { place: record.place, jobId: trial.tuningJobId, labels: { 'ml.googleapis.com/trial_id': trial.id } };
}
/** Whether GPUs are to be given; says so in the log when they are wanted and there are none. */
async function gpusFor(runtime, run) {
    const { jobSpec } = run.record.resource;
    const wanted = jobSpec.workerPoolSpecs.flatMap((pool) => gpusOf(pool) === 0 ? [] : `${gpusOf(pool)} ${pool.machineSpec?.acceleratorType}`);
    if (wanted.length === 0)
        return false;
    if (await runtime.backend.hasGpus(runtime, jobSpec))
        return true;
    const text = `This engine has no GPU: the job asks for ${wanted.join(' and ')} and runs without.`;
    if (tellsForAll({ trialId: run.trial?.id }))
        runtime.logs.service(sourceOf(run), text, 'WARNING');
    return false;
}
/** Runs the containers to the job's end. */
async function outcome(runtime, run, stop) {
    const { record } = run;
    const source = sourceOf(run);
    const say = run.trial === undefined ? (text) => runtime.logs.service(source, text) : () => { };
    const over = new AbortController();
    const signal = AbortSignal.any([run.signal, stop.signal]);
    let isTimed = false;
    const onRunning = () => {
        const now = runtime.clock.now();
        const { startTime = timestampOf(now), jobSpec } = record.resource;
        update(runtime, record, { state: 'JOB_STATE_RUNNING', startTime });
        say('Job is running.');
        if (isTimed)
            return;
        isTimed = true;
        const { timeout = WEEK } = jobSpec.scheduling ?? {};
        const late = new JobStopped('timeout', `The job ran longer than its timeout of ${timeout}.`);
        sleepLong(runtime.clock, (durationMs(timeout) ?? 0) - (now - Date.parse(startTime)), over.signal).then(() => stop.abort(late), () => { });
    };
    try {
        say('Waiting for job to be provisioned.');
        say('Vertex AI is provisioning job running framework. First time usage might take couple of minutes, and subsequent runs can be much faster.');
        const tell = (text) => runtime.logs.service(source, text);
        await runtime.backend.prepare(runtime, { record, spec: record.resource.jobSpec, signal, say: tell });
        say('Vertex AI is setting up this job.');
        const withGpus = await gpusFor(runtime, run);
        say('Waiting for training program to start.');
        say('Job is preparing.');
        const pools = { record, job: contextOf(run), source, withGpus, signal, onRunning };
        const decision = await runtime.backend.run(runtime, pools);
        const { exitCode } = decision.exit;
        const reason = exitCode === 0 ? 'SUCCEEDED' : 'FAILED';
        const textPayload = `Task completed. Exit code (${exitCode}). Exit reason (${reason})`;
        runtime.logs.append({ ...source, task: decision.replica }, [{ severity: 'INFO', textPayload }]);
        say('Tearing down training program.');
        say('Finished tearing down training program.');
        const error = exitCode === 0 ? undefined : exitStatus(decision.replica, decision.exit, source.jobId);
        return { error, endedMs: decision.endedMs };
    }
    finally {
        over.abort();
    }
}
/** Runs a custom job to its end. Whatever goes wrong is told in the resource; nothing is thrown. */
async function runCustomJob(runtime, run) {
    const { record } = run;
    const say = run.trial === undefined ? runtime.logs.service.bind(runtime.logs, sourceOf(run)) : () => { };
    const end = (change, atMs = runtime.clock.now()) => update(runtime, record, { ...change, endTime: timestampOf(atMs) });
    const fail = (error, atMs) => {
        say(error.message ?? 'Job failed.', 'ERROR');
        end({ state: 'JOB_STATE_FAILED', error }, atMs);
    };
    const stop = new AbortController();
    try {
        const { error, endedMs } = await outcome(runtime, run, stop);
        if (error !== undefined)
            return fail(error, endedMs);
        say('Job completed successfully.');
        end({ state: 'JOB_STATE_SUCCEEDED' }, endedMs);
    }
    catch (error) {
        // The state, code and text after a timeout are not documented: FAILED with DEADLINE_EXCEEDED is our choice.
        if (!run.signal.aborted || stop.signal.aborted)
            return fail(troubleStatus(stop.signal.aborted ? stop.signal.reason : error));
        const { state, error: status, text, severity } = stoppedEnding(run.signal.reason);
        say(text, severity);
        end({ state: `JOB_STATE_${state}`, ...(status && { error: status }) });
    }
}

;// CONCATENATED MODULE: ./build/src/local/jobs/custom-runs.js

/** Runs custom jobs, those of trials too, when there is room for them. */
class CustomRuns {
    #runtime;
    #admission;
    /** Tuning jobs whose log has told of trials that wait or run alone. */
    #told = new WeakSet();
    constructor(runtime, admission) {
        this.#runtime = runtime;
        this.#admission = admission;
    }
    run(record, signal) {
        const say = (line) => this.#say(record, line);
        const run = () => runCustomJob(this.#runtime, { record, signal });
        return this.#admission.run({ record, signal, who: 'This job', say, run });
    }
    runTrial(record, signal, { tuning, id, onBegin }) {
        const run = () => {
            onBegin();
            return runCustomJob(this.#runtime, { record, signal, trial: { id, tuningJobId: tuning.id } });
        };
        const say = (line) => this.#sayOnce(tuning, line);
        return this.#admission.run({ record, signal, who: 'Each trial', say, run });
    }
    /** So that a study of many trials tells of the first one only. */
    #sayOnce(tuning, line) {
        if (this.#told.has(tuning))
            return;
        this.#told.add(tuning);
        this.#say(tuning, line);
    }
    #say({ place, id }, line) {
        this.#runtime.logs.service({ place, jobId: id }, line);
    }
}

;// CONCATENATED MODULE: ./build/src/local/study/objective.js
/** 1 where more is better, which an unspecified goal means too, else -1. */
function signOf(metric) {
    return metric?.goal === 'MINIMIZE' ? -1 : 1;
}
/** The metrics that are to be made better: those for safety are not among them (the proto's comment). */
function objectivesOf({ metrics }) {
    return metrics.filter(({ safetyConfig }) => safetyConfig === undefined);
}
/** The study's objective where it has one only: of several no value is the best. */
function onlyObjective(study) {
    const [first, ...others] = objectivesOf(study);
    return others.length === 0 ? first : undefined;
}
function measured({ metricId }, measurement) {
    return measurement?.metrics?.find((metric) => metric.metricId === metricId)?.value;
}
/** The value of the study's first objective, made so that more is better; undefined where the measurement has none. */
function scoreOf(study, measurement) {
    const [metric] = objectivesOf(study);
    const value = metric && measured(metric, measurement);
    return value === undefined ? undefined : signOf(metric) * value;
}
/** Whether every safety metric of the trial is as good as its threshold, or better. */
function isSafe({ metrics }, { finalMeasurement }) {
    return metrics.every((metric) => {
        if (metric.safetyConfig === undefined)
            return true;
        const { safetyThreshold = 0 } = metric.safetyConfig;
        const value = measured(metric, finalMeasurement) ?? Number.NaN;
        return signOf(metric) * value >= signOf(metric) * safetyThreshold;
    });
}
/** All objectives of a trial, each made so that more is better; undefined while one is missing. */
function scoresOf(study, { state, finalMeasurement }) {
    if (state !== 'SUCCEEDED')
        return undefined;
    const scores = objectivesOf(study).map((metric) => signOf(metric) * (measured(metric, finalMeasurement) ?? Number.NaN));
    return scores.some(Number.isNaN) ? undefined : scores;
}
function dominates(left, right) {
    return (left.every((score, index) => score >= (right[index] ?? 0)) &&
        left.some((score, index) => score > (right[index] ?? 0)));
}
/**
 * The trials that succeeded, best first: the safe ones before the others, and among those by how many others are better in
 * no metric worse and in one better. With one objective that is the order of its values; with several, those that none
 * surpasses come first. Equals keep their order.
 */
function ranked(study, trials) {
    const scored = trials.flatMap((trial) => {
        const scores = scoresOf(study, trial);
        return scores === undefined ? [] : [{ trial, scores, unsafe: isSafe(study, trial) ? 0 : 1 }];
    });
    if (onlyObjective(study) !== undefined) {
        return scored
            .sort((left, right) => left.unsafe - right.unsafe || (right.scores[0] ?? 0) - (left.scores[0] ?? 0))
            .map(({ trial }) => trial);
    }
    return scored
        .map((each) => ({ ...each, better: scored.filter((other) => dominates(other.scores, each.scores)).length }))
        .sort((left, right) => left.unsafe - right.unsafe || left.better - right.better)
        .map(({ trial }) => trial);
}

;// CONCATENATED MODULE: ./build/src/local/study/best-trial.js

/**
 * The trial whose model a pipeline takes: of those that succeeded, the best final value of the first objective, by its
 * goal (an unspecified one maximises), of a safe trial where there is one; ties go to the lower id. Which one the service takes with several metrics, and in ties,
 * is not documented.
 */
function bestTrial(study, trials) {
    const scored = trials.flatMap((trial) => {
        const score = trial.state === 'SUCCEEDED' ? scoreOf(study, trial.finalMeasurement) : undefined;
        return score === undefined ? [] : [{ trial, score, unsafe: isSafe(study, trial) ? 0 : 1 }];
    });
    const [best] = scored.sort((left, right) => left.unsafe - right.unsafe || right.score - left.score || Number(left.trial.id) - Number(right.trial.id));
    return best?.trial;
}

;// CONCATENATED MODULE: ./build/src/local/jobs/pipeline.js








/** What fails in the pipeline itself stands behind these words (observed); a backing job's own error is handed on as it is. */
function pipelineTrouble(error) {
    const code = RPC_CODES[error instanceof ApiError ? error.rpc : 'INTERNAL'].number;
    return { code, message: `Training pipeline failed with error message: ${messageOf(error)}` };
}
function isTuning(record) {
    return record.collection === 'hyperparameterTuningJobs';
}
/** What the pipeline tells of its job: of a tuning job also, once it has ended, which trial's job was the best. */
function metadataOf(record) {
    const name = recordName(record);
    if (!isTuning(record))
        return { backingCustomJob: name };
    const { studySpec, trials = [], state } = record.resource;
    const best = state === 'JOB_STATE_SUCCEEDED' ? bestTrial(studySpec, trials)?.customJob : undefined;
    return {
        backingHyperparameterTuningJob: name,
        ...(best === undefined ? {} : { bestTrialBackingCustomJob: best }),
    };
}
/** AIP_MODEL_DIR of the job that the model comes from: the best trial's, or the custom job itself. */
function trainedFolder(host, metadata) {
    const source = metadata.bestTrialBackingCustomJob ?? metadata.backingCustomJob;
    if (source === undefined) {
        const message = 'No trial ended with a final measurement, so that there is no model to upload.';
        throw new ApiError('FAILED_PRECONDITION', message);
    }
    return modelDir(host.customJob(source).jobSpec);
}
function upload({ record, host }, metadata) {
    const { modelToUpload: wanted, encryptionSpec } = record.resource;
    if (wanted === undefined)
        return {};
    const artifactUri = wanted.artifactUri ?? trainedFolder(host, metadata);
    const model = {
        // The pipeline's key secures its model where the model has none of its own (the proto's comment).
        ...(encryptionSpec === undefined ? {} : { encryptionSpec }),
        ...wanted,
        ...(artifactUri === undefined ? {} : { artifactUri }),
        trainingPipeline: recordName(record),
    };
    const { name, versionId } = host.uploadModel(record, model);
    return { modelToUpload: { ...wanted, ...(name && { name }), ...(versionId && { versionId }) } };
}
/** How the pipeline ends after its job has. A job that was cancelled by itself ends its pipeline as cancelled too: our choice. */
function conclusion(run, backing) {
    const { state, error } = backing.resource;
    const trainingTaskMetadata = metadataOf(backing);
    if (state === 'JOB_STATE_SUCCEEDED') {
        return { ...upload(run, trainingTaskMetadata), trainingTaskMetadata, state: 'PIPELINE_STATE_SUCCEEDED' };
    }
    const word = state === 'JOB_STATE_CANCELLED' ? 'CANCELLED' : 'FAILED';
    return { trainingTaskMetadata, state: `PIPELINE_STATE_${word}`, ...(error && { error }) };
}
/** Starts the job behind the pipeline and waits for its end; gives how the pipeline ends. */
async function pipeline_outcome(runtime, run) {
    const { record, task, signal, host } = run;
    // So that the answer to create shows the pipeline as PENDING and without its job, as the service's does (observed).
    await runtime.clock.sleep(0, signal);
    const { backingCustomJob, backingHyperparameterTuningJob: earlier = backingCustomJob } = record.resource.trainingTaskMetadata ?? {};
    const { record: backing, ended } = earlier === undefined ? host.startBackingJob(record, task) : host.backingJob(earlier);
    const onAbort = () => host.cancel(backing);
    signal.addEventListener('abort', onAbort, { once: true });
    // The pipeline is RUNNING through its job's own PENDING (observed).
    const { startTime = timestampOf(runtime.clock.now()) } = record.resource;
    update(runtime, record, { state: 'PIPELINE_STATE_RUNNING', startTime, trainingTaskMetadata: metadataOf(backing) });
    await ended;
    signal.removeEventListener('abort', onAbort);
    if (signal.reason instanceof JobEnded)
        throw signal.reason;
    return conclusion(run, backing);
}
/** Runs a training pipeline to its end. Whatever goes wrong is told in the resource; nothing is thrown. */
async function runPipeline(runtime, run) {
    const end = (change) => update(runtime, run.record, { ...change, endTime: timestampOf(runtime.clock.now()) });
    try {
        end(await pipeline_outcome(runtime, run));
    }
    catch (error) {
        if (!run.signal.aborted)
            return end({ state: 'PIPELINE_STATE_FAILED', error: pipelineTrouble(error) });
        const { state, error: status } = stoppedEnding(run.signal.reason);
        end({ state: `PIPELINE_STATE_${state}`, ...(status && { error: status }) });
    }
}

;// CONCATENATED MODULE: ./build/src/local/jobs/running.js



/** The jobs and pipelines that have not ended. */
class Running {
    #runtime;
    #runs = new Map();
    constructor(runtime) {
        this.#runtime = runtime;
    }
    /** Runs a job; the promise, which does not reject, resolves when it has ended. The signal aborts when it is cancelled. */
    start(record, live) {
        const controller = new AbortController();
        const conducted = this.#runtime.backend.conduct(this.#runtime, { record, controller, live });
        const ended = conducted.finally(() => this.#runs.delete(record));
        this.#runs.set(record, { controller, ended });
        return ended;
    }
    /** Resolves when the job has ended: at once for one that has. */
    ended(record) {
        return this.#runs.get(record)?.ended ?? Promise.resolve();
    }
    /** Asks a job to end; one that has ended stays as it is. */
    cancel(record) {
        const run = this.#runs.get(record);
        if (run === undefined || run.controller.signal.aborted)
            return;
        update(this.#runtime, record, { state: `${KINDS[record.collection].states}CANCELLING` });
        run.controller.abort(new JobStopped('cancelled', 'The job was cancelled.'));
    }
    /** Asks all to end, and resolves when they have. */
    async cancelAll() {
        const ends = [...this.#runs].map(([record, { ended }]) => {
            this.cancel(record);
            return ended;
        });
        await Promise.all(ends);
    }
}

;// CONCATENATED MODULE: ./build/src/local/study/random.js

/** Numbers that depend on nothing but `key`: the blocks of a hash, counted. */
function seededRandom(key) {
    let block = Buffer.alloc(0);
    let used = 0;
    let count = 0;
    return () => {
        if (used === block.length) {
            block = (0,external_node_crypto_namespaceObject.createHash)('sha256').update(`${key}/${count}`).digest();
            count += 1;
            used = 0;
        }
        used += 4;
        return block.readUInt32BE(used - 4) / 2 ** 32;
    };
}
/** A number of the normal distribution with mean 0 and variance 1 (Box and Muller). */
function normal(random) {
    return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
/** The normal distribution function, to seven digits (Abramowitz and Stegun, 7.1.26). */
function normalShare(x) {
    const z = Math.abs(x) / Math.SQRT2;
    const t = 1 / (1 + 0.3275911 * z);
    const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
    const tail = (series * Math.exp(-z * z)) / 2;
    return x < 0 ? tail : 1 - tail;
}

;// CONCATENATED MODULE: ./build/src/local/study/space.js
/** An int64 as a number; NaN where it is missing or too large to be one. */
function safeInteger(text) {
    const number = Number(text ?? '0');
    return Number.isSafeInteger(number) ? number : Number.NaN;
}
/** Where `share` in [0, 1) of the way from `min` to `max` lies on the parameter's scale. */
function scaled(share, { min, max }, scale) {
    const log = (part) => Math.exp(Math.log(min) + part * (Math.log(max) - Math.log(min)));
    if (scale === 'UNIT_LOG_SCALE')
        return log(share);
    // The mirror image of the log scale: values near the top are spread out most (the proto's comment).
    if (scale === 'UNIT_REVERSE_LOG_SCALE')
        return min + max - log(1 - share);
    return min + share * (max - min);
}
/** The inverse of `scaled`. */
function unscaled(value, { min, max }, scale) {
    if (min === max)
        return 0;
    const log = (number) => (Math.log(number) - Math.log(min)) / (Math.log(max) - Math.log(min));
    if (scale === 'UNIT_LOG_SCALE')
        return log(value);
    if (scale === 'UNIT_REVERSE_LOG_SCALE')
        return 1 - log(min + max - value);
    return (value - min) / (max - min);
}
function clamp(value, { min, max }) {
    return Math.min(max, Math.max(min, value));
}
function pick(values, share) {
    return values[Math.min(values.length - 1, Math.floor(share * values.length))];
}
const isLog = ({ scaleType }) => scaleType === 'UNIT_LOG_SCALE' || scaleType === 'UNIT_REVERSE_LOG_SCALE';
function integerRange({ minValue, maxValue }) {
    return { min: safeInteger(minValue), max: safeInteger(maxValue) };
}
/** The parameter's value at `share` in [0, 1) of its space. */
function space_valueAt(parameter, share) {
    const { doubleValueSpec, integerValueSpec, categoricalValueSpec, discreteValueSpec, scaleType } = parameter;
    if (categoricalValueSpec !== undefined)
        return pick(categoricalValueSpec.values, share) ?? '';
    if (discreteValueSpec !== undefined)
        return pick(discreteValueSpec.values, share) ?? Number.NaN;
    if (integerValueSpec !== undefined) {
        const range = integerRange(integerValueSpec);
        const { min, max } = range;
        if (!isLog(parameter))
            return clamp(min + Math.floor(share * (max - min + 1)), range);
        return clamp(Math.round(scaled(share, range, scaleType)), range);
    }
    const { minValue: min = 0, maxValue: max = 0 } = doubleValueSpec ?? {};
    return clamp(scaled(share, { min, max }, scaleType), { min, max });
}
/** How many values the parameter has; Infinity for a double. */
function valueCount({ integerValueSpec, categoricalValueSpec, discreteValueSpec }) {
    if (integerValueSpec === undefined) {
        return (categoricalValueSpec ?? discreteValueSpec)?.values.length ?? Number.POSITIVE_INFINITY;
    }
    const { min, max } = integerRange(integerValueSpec);
    return max - min + 1;
}
/** The share at which the parameter has the value: of those that do, one in the middle. */
function shareOf(parameter, value) {
    const { doubleValueSpec, integerValueSpec, categoricalValueSpec, discreteValueSpec, scaleType } = parameter;
    const unit = { min: 0, max: 1 };
    const values = categoricalValueSpec?.values ?? discreteValueSpec?.values;
    if (values !== undefined)
        return (Math.max(0, values.indexOf(value)) + 0.5) / values.length;
    if (integerValueSpec !== undefined) {
        const range = integerRange(integerValueSpec);
        if (isLog(parameter))
            return clamp(unscaled(Number(value), range, scaleType), unit);
        return (Number(value) - range.min + 0.5) / (range.max - range.min + 1);
    }
    const { minValue: min = 0, maxValue: max = 0 } = doubleValueSpec ?? {};
    return clamp(unscaled(Number(value), { min, max }, scaleType), unit);
}
/** The parameters that become active when `parameter` has `value`. */
function space_childrenOf(parameter, value) {
    // Within 1e-10, as the service compares discrete parents (the proto's comment).
    const near = (other) => typeof value === 'number' && Math.abs(other - value) < 1e-10;
    return (parameter.conditionalParameterSpecs ?? [])
        .filter((condition) => {
        if (condition.parentCategoricalValues)
            return condition.parentCategoricalValues.values?.includes(String(value));
        if (condition.parentIntValues)
            return condition.parentIntValues.values?.some((other) => near(Number(other)));
        return condition.parentDiscreteValues?.values?.some(near);
    })
        .map((condition) => condition.parameterSpec);
}
/** Every parameter of the study, children after their parent: each has a dimension of its own, active or not. */
function flattened(parameters) {
    return parameters.flatMap((parameter) => [
        parameter,
        ...flattened((parameter.conditionalParameterSpecs ?? []).map((condition) => condition.parameterSpec)),
    ]);
}
/** The point at these shares; those of parameters that turn out not to be active are not asked for. */
function pointFrom(parameters, share) {
    return parameters.flatMap((parameter) => {
        const value = space_valueAt(parameter, share(parameter));
        return [{ parameterId: parameter.parameterId, value }, ...pointFrom(space_childrenOf(parameter, value), share)];
    });
}
/** Where a point lies in the study's space. */
function sharesOf(parameters, point) {
    const values = new Map(point.map(({ parameterId, value }) => [parameterId, value]));
    const entries = (specs) => specs.flatMap((parameter) => {
        const value = values.get(parameter.parameterId);
        if (value === undefined)
            return [];
        return [[parameter, shareOf(parameter, value)], ...entries(space_childrenOf(parameter, value))];
    });
    return new Map(entries(parameters));
}

;// CONCATENATED MODULE: ./build/src/local/study/tpe.js



/**
 * The tree-structured Parzen estimator (Bergstra and others, "Algorithms for Hyper-Parameter Optimization", NeurIPS 2011),
 * with one density over all parameters together: the trials are parted into a few good ones and the rest, a density is
 * laid over each part, and of some points drawn from the good density the one is tried where it exceeds the other most.
 * A parameter that is not active in a trial spreads that trial's density evenly over its space.
 */
/** Points drawn for one suggestion. */
const CANDIDATES = 24;
/** The good trials are this part of all, and never more than the other number. */
const GOOD_PART = 0.15;
const MOST_GOOD = 25;
/** Of the others the latest so many count, so that a suggestion in a long study takes no longer. */
const MOST_BAD = 200;
/** Width of a kernel in a set of one trial; it shrinks as the set grows (Scott's rule). */
const WIDTH = 0.2;
function categoryKernel(count, centre, size) {
    const width = (1 + 1 / size) / (1 + count / size);
    const own = Math.floor(centre * count);
    const [same, other] = [Math.log(width * count), Math.log(((1 - width) / (count - 1)) * count)];
    return { centre, width, log: (share) => (Math.floor(share * count) === own ? same : other) };
}
/** A normal distribution, cut off at the ends. */
function numberKernel(centre, width) {
    const inside = normalShare((1 - centre) / width) - normalShare(-centre / width);
    const top = -Math.log(Math.sqrt(2 * Math.PI) * width * inside);
    return { centre, width, log: (share) => top - ((share - centre) / width) ** 2 / 2 };
}
function kernelsOf(centres, dimensions) {
    const size = centres.length;
    const scott = WIDTH * Math.max(1, size) ** (-1 / (dimensions + 4));
    const width = Math.max(scott, 1 / Math.min(100, 1 + size));
    const kernel = (parameter, centre) => {
        const count = valueCount(parameter);
        if (parameter.categoricalValueSpec !== undefined)
            return categoryKernel(count, centre, size);
        // Of a parameter with few values it reaches at least to the next one.
        return numberKernel(centre, Math.max(width, 0.5 / count));
    };
    return centres.map((shares) => new Map([...shares].map(([parameter, at]) => [parameter, kernel(parameter, at)])));
}
/** The logarithm of the density of a set of trials at a point; an even distribution counts as one trial more. */
function logDensity(point, set) {
    const logs = set.map((kernels) => {
        let sum = 0;
        for (const [parameter, share] of point)
            sum += kernels.get(parameter)?.log(share) ?? 0;
        return sum;
    });
    logs.push(0);
    const top = Math.max(...logs);
    return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0) / logs.length);
}
function drawn(parameter, kernel, random) {
    if (kernel === undefined)
        return random();
    const { centre, width } = kernel;
    if (parameter.categoricalValueSpec !== undefined) {
        const count = valueCount(parameter);
        if (random() < width)
            return centre;
        const other = Math.floor(random() * (count - 1));
        return ((other < Math.floor(centre * count) ? other : other + 1) + 0.5) / count;
    }
    for (;;) {
        const share = centre + width * normal(random);
        if (share >= 0 && share < 1)
            return share;
    }
}
/** A point drawn from the density of a set. */
function drawPoint(parameters, set, random) {
    // One past the last is the even distribution.
    const kernels = set[Math.floor(random() * (set.length + 1))];
    return pointFrom(parameters, (parameter) => drawn(parameter, kernels?.get(parameter), random));
}
const tpe_keyOf = (point) => JSON.stringify(point.map(({ value }) => value));
/**
 * The point to try next, given the trials so far. Those that failed count as bad; so do those that still run, which keeps
 * trials that run side by side apart (Ginsbourger's constant liar). A point that was tried already is not chosen while
 * another was drawn.
 */
function tpePoint(study, trials, random) {
    const { parameters } = study;
    const best = ranked(study, trials);
    const good = new Set(best.slice(0, Math.min(MOST_GOOD, Math.ceil(GOOD_PART * best.length))));
    const dimensions = flattened(parameters).length;
    const setOf = (part) => kernelsOf(part.map((trial) => sharesOf(parameters, trial.parameters)), dimensions);
    const goodSet = setOf([...good]);
    const badSet = setOf(trials.filter((trial) => !good.has(trial)).slice(-MOST_BAD));
    const candidates = Array.from({ length: CANDIDATES }, () => drawPoint(parameters, goodSet, random));
    const tried = new Set(trials.map((trial) => tpe_keyOf(trial.parameters)));
    const fresh = candidates.filter((point) => !tried.has(tpe_keyOf(point)));
    const scored = (fresh.length > 0 ? fresh : candidates).map((point) => {
        const shares = sharesOf(parameters, point);
        return { point, score: logDensity(shares, goodSet) - logDensity(shares, badSet) };
    });
    return scored.reduce((top, each) => (each.score > top.score ? each : top)).point;
}

;// CONCATENATED MODULE: ./build/src/local/study/search.js




/** The element `index` (1 upward) of van der Corput's sequence in `base`. */
function radicalInverse(index, base) {
    let result = 0;
    let fraction = 1 / base;
    for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
        result += (rest % base) * fraction;
        fraction /= base;
    }
    return result;
}
function primes(count) {
    const found = [];
    for (let candidate = 2; found.length < count; candidate += 1) {
        if (found.every((prime) => candidate % prime !== 0))
            found.push(candidate);
    }
    return found;
}
function* gridValues(parameter) {
    yield* parameter.categoricalValueSpec?.values ?? parameter.discreteValueSpec?.values ?? [];
    if (parameter.integerValueSpec === undefined)
        return;
    const max = safeInteger(parameter.integerValueSpec.maxValue);
    for (let value = safeInteger(parameter.integerValueSpec.minValue); value <= max; value += 1)
        yield value;
}
/** All combinations, the last parameter changing fastest; made one at a time, as a grid can be far larger than the job. */
function* grid(parameters) {
    const [first, ...others] = parameters;
    if (first === undefined) {
        yield [];
        return;
    }
    for (const value of gridValues(first)) {
        for (const rest of grid([...space_childrenOf(first, value), ...others])) {
            yield [{ parameterId: first.parameterId, value }, ...rest];
        }
    }
}
function gridSearch({ parameters }) {
    const points = grid(parameters);
    return { next: () => points.next().value ?? undefined };
}
function randomSearch({ parameters }, random) {
    return { next: () => pointFrom(parameters, random) };
}
/** A Halton sequence, one prime base for each parameter, shifted by the seed: spread more evenly than chance would. */
function quasiRandomSearch({ parameters }, random) {
    const dimensions = flattened(parameters);
    const bases = primes(dimensions.length);
    const shifts = dimensions.map(random);
    let index = 0;
    return {
        next: () => {
            index += 1;
            const shares = new Map(dimensions.map((parameter, dimension) => [
                parameter,
                (radicalInverse(index, bases[dimension] ?? 2) + (shifts[dimension] ?? 0)) % 1,
            ]));
            return pointFrom(parameters, (parameter) => shares.get(parameter) ?? 0);
        },
    };
}
/** So many trials must have succeeded before a model is made of them. */
const FIRST_TRIALS = 10;
/** Of a small space it may give a point again, as the service's own does (the Python SDK's comment on `search_algorithm`). */
function modelSearch(study, random) {
    const first = quasiRandomSearch(study, random);
    return {
        next: (trials) => {
            const succeeded = trials.filter(({ state }) => state === 'SUCCEEDED').length;
            return succeeded < FIRST_TRIALS ? first.next(trials) : tpePoint(study, trials, random);
        },
    };
}
/** The search that the study asks for. */
function searchOf(study, seed) {
    if (study.algorithm === 'GRID_SEARCH')
        return gridSearch(study);
    const random = seededRandom(seed);
    return study.algorithm === 'RANDOM_SEARCH' ? randomSearch(study, random) : modelSearch(study, random);
}
function algorithmNote(study) {
    if (study.algorithm === 'GRID_SEARCH')
        return 'GRID_SEARCH: every combination, one after the other.';
    if (study.algorithm === 'RANDOM_SEARCH')
        return 'RANDOM_SEARCH: points drawn at random.';
    return ("This region's own search stands in for the service's Bayesian optimisation: until " +
        `${FIRST_TRIALS} trials have succeeded a quasi-random one (a Halton sequence), then a tree-structured Parzen ` +
        'estimator, which learns from the trials that have ended.');
}
/** What the service log says of the way in which points are chosen, and which wishes of the study change nothing in it. */
function searchNote(study) {
    const noise = 'observationNoise' in study ? ' observation_noise is for Vizier studies, and has no effect.' : '';
    return `${algorithmNote(study)}${noise}`;
}
/**
 * The arguments that tell a trial its values, in the form that the service passes: `--name=value`. Whole numbers have no
 * decimal point, those of discrete parameters neither: Google's samples read them as integers (vertex-ai-samples,
 * distributed-hyperparameter-tuning). One report of 2026 tells of `128.0`.
 */
function trialArguments(point) {
    return point.map(({ parameterId, value }) => `--${parameterId}=${value}`);
}

;// CONCATENATED MODULE: ./build/src/local/study/stopping/curve.js

function curve_placeOf({ stepCount = '0', elapsedDuration = '0s' }, usesTime) {
    return usesTime ? Number.parseFloat(elapsedDuration) : Number(stepCount);
}
/** The measurements of a trial as a curve, over its steps or over its time. */
function curveOf(study, { measurements = [] }, usesTime) {
    return measurements
        .flatMap((measurement) => {
        const y = scoreOf(study, measurement);
        return y === undefined ? [] : [{ x: curve_placeOf(measurement, usesTime), y }];
    })
        .sort((left, right) => left.x - right.x);
}
/** Where the curve ends; -Infinity for one without points. */
const reach = (curve) => curve.at(-1)?.x ?? Number.NEGATIVE_INFINITY;
/** The curve's height at `x`: between two points on the line that joins them, outside that of the nearest. */
function heightAt(curve, x) {
    const after = curve.findIndex((point) => point.x >= x);
    const right = curve[after] ?? curve.at(-1);
    const left = curve[after - 1] ?? right;
    if (left === undefined || right === undefined)
        return Number.NaN;
    if (right.x <= left.x || after < 0)
        return right.y;
    return left.y + ((right.y - left.y) * (x - left.x)) / (right.x - left.x);
}

;// CONCATENATED MODULE: ./build/src/local/study/stopping/convex.js

/** The proto's default. */
const MIN_MEASUREMENTS = 5;
function numberAt(spec, name) {
    const value = Number(spec[name] ?? Number.NaN);
    return Number.isFinite(value) ? value : undefined;
}
/** The rule that a spec in the form of answers asks for, with the proto's defaults. */
function convexRule(spec) {
    return {
        // 0 is what proto3 has for a number that is not given; a largest step of 0 would mean nothing.
        maxStep: numberAt(spec, 'maxStepCount') || undefined,
        minStep: numberAt(spec, 'minStepCount'),
        minMeasurements: numberAt(spec, 'minMeasurementCount') || MIN_MEASUREMENTS,
    };
}
/** The slope of the line that comes closest to the points. */
function slopeOf(points) {
    const mean = (of) => points.reduce((sum, each) => sum + of(each), 0) / points.length;
    const [midX, midY] = [mean(({ x }) => x), mean(({ y }) => y)];
    const square = points.reduce((sum, { x }) => sum + (x - midX) ** 2, 0);
    return square === 0 ? 0 : points.reduce((sum, { x, y }) => sum + (x - midX) * (y - midY), 0) / square;
}
/** By how much of itself a gain comes again at the next measurement, over all the curves: the autoregression. */
function persistence(curves) {
    let [product, square] = [0, 0];
    for (const curve of curves) {
        const gains = curve.slice(1).map(({ y }, index) => y - (curve[index]?.y ?? y));
        for (const [index, next] of gains.slice(1).entries()) {
            const gain = gains[index] ?? 0;
            product += gain * next;
            square += gain * gain;
        }
    }
    return square === 0 ? 0 : Math.min(1, Math.max(0, product / square));
}
/** The sum of so many gains, each `ratio` times the one before; the first follows on `gain`. */
function sumOfGains(gain, ratio, count) {
    return ratio === 1 ? gain * count : (gain * ratio * (1 - ratio ** count)) / (1 - ratio);
}
/**
 * The convex rule (the proto's comments): where enough trials are complete and this one has reported enough, its slope of
 * late gives an overestimate of its final value, since a curve that flattens gains no more than that. If even the
 * overestimate is worse than `best`, the best final value so far, the trial is to stop, and the final value that an
 * autoregression of the curves' gains predicts is given. A flat curve predicts nothing. The service's own model is not
 * documented.
 */
function convexPrediction(curve, completed, best, rule) {
    const { minMeasurements, maxStep = Math.max(...completed.map((other) => reach(other.curve))) } = rule;
    const { minStep = maxStep / 10 } = rule;
    const here = reach(curve);
    if (completed.length <= minMeasurements || curve.length < minMeasurements)
        return undefined;
    if (here <= minStep || here >= maxStep)
        return undefined;
    const [first, last] = [curve[0], curve.at(-1)];
    if (first === undefined || last === undefined || curve.every(({ y }) => y === first.y))
        return undefined;
    const slope = Math.max(0, slopeOf(curve.slice(-minMeasurements)));
    const overestimate = Math.max(...curve.map(({ y }) => y)) + slope * (maxStep - here);
    if (overestimate >= best)
        return undefined;
    const spacing = (here - first.x) / (curve.length - 1);
    const ratio = persistence([curve, ...completed.map((other) => other.curve)]);
    const gain = sumOfGains(slope * spacing, ratio, spacing > 0 ? (maxStep - here) / spacing : 0);
    return { x: maxStep, y: Math.min(overestimate, last.y + gain) };
}

;// CONCATENATED MODULE: ./build/src/local/study/stopping/gaussian-process.js
/** The sum of the products of the first so many numbers. */
function dot(left, right, count = left.length) {
    let sum = 0;
    for (let index = 0; index < count; index += 1)
        sum += (left[index] ?? 0) * (right[index] ?? 0);
    return sum;
}
/** The lower triangle of the Cholesky factor; undefined where the matrix is not positive definite. */
function cholesky(matrix) {
    const factor = [];
    for (const [row, values] of matrix.entries()) {
        const line = [];
        for (const [column, other] of factor.entries()) {
            line.push(((values[column] ?? 0) - dot(line, other, column)) / (other[column] ?? 1));
        }
        const rest = (values[row] ?? 0) - dot(line, line, row);
        if (!(rest > 0))
            return undefined;
        factor.push([...line, Math.sqrt(rest)]);
    }
    return factor;
}
/** The vector that the factor turns into `right`. */
function solved(factor, right) {
    const found = [];
    for (const [row, line] of factor.entries()) {
        found.push(((right[row] ?? 0) - dot(line, found, row)) / (line[row] ?? 1));
    }
    return found;
}
/** Of the kernel's length, in median distances, and of the noise, as a part of the values' variance. */
const LENGTHS = [0.25, 0.5, 1, 2, 4];
const NOISES = [0.001, 0.03, 0.3];
function fitted(distances, values, query, length, noise) {
    const kernel = (distance) => Math.exp(-((distance / length) ** 2) / 2);
    const matrix = distances.map((row, index) => row.map((distance, other) => kernel(distance) + (other === index ? noise : 0)));
    const factor = cholesky(matrix);
    if (factor === undefined)
        return undefined;
    const weighed = solved(factor, values);
    const near = solved(factor, query.map(kernel));
    // The variance that is most likely with this kernel.
    const variance = dot(weighed, weighed) / values.length;
    const spread = factor.reduce((sum, line) => sum + Math.log(line.at(-1) ?? 1), 0);
    const likelihood = -(values.length / 2) * Math.log(Math.max(variance, Number.MIN_VALUE)) - spread;
    const deviation = Math.sqrt(variance * Math.max(0, 1 + noise - dot(near, near)));
    return { mean: dot(near, weighed), deviation, likelihood };
}
/**
 * A Gaussian process regression: what value is expected at a place whose distances to the known places are `query`, given
 * the `values` there and the `distances` among them. The kernel is a squared exponential with noise, of the length and
 * noise that make the values most likely; before the first value is known nothing is expected.
 */
function regress(distances, values, query) {
    if (values.length === 0)
        return undefined;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const sorted = distances
        .flat()
        .filter((distance) => distance > 0)
        .sort((left, right) => left - right);
    const unit = sorted[sorted.length >> 1] ?? 1;
    const centred = values.map((value) => value - mean);
    const fits = LENGTHS.flatMap((length) => NOISES.flatMap((noise) => {
        const found = fitted(distances, centred, query, length * unit, noise);
        return found === undefined ? [] : [found];
    }));
    const [first, ...others] = fits;
    if (first === undefined)
        return undefined;
    const best = others.reduce((top, each) => (each.likelihood > top.likelihood ? each : top), first);
    return { mean: mean + best.mean, deviation: best.deviation };
}

;// CONCATENATED MODULE: ./build/src/local/study/stopping/decay-curve.js



/** Not documented of the service: how many trials it learns from at least, and which probability is very low to it. */
const FEWEST = 5;
const VERY_LOW = 0.05;
/** The latest; the cost grows with the third power. */
const decay_curve_MOST = 100;
function distance(left, right) {
    const squares = left.reduce((sum, value, index) => sum + (value - (right[index] ?? 0)) ** 2, 0);
    return Math.sqrt(squares / left.length);
}
/** How likely a normally distributed value is to exceed a limit. */
function chanceAbove(limit, mean, deviation) {
    if (deviation > 0)
        return 1 - normalShare((limit - mean) / deviation);
    return mean < limit ? 0 : 1;
}
/**
 * The decay-curve rule (the proto's comment): a Gaussian process regression over the completed trials' curves, as far as
 * this one has come, predicts what it still gains until its end; it is to stop when the chance that it exceeds `best`, the
 * best final value so far, is very low. What the service takes for the curves' likeness is not documented; here it is
 * their mean square distance at the places where this trial has reported.
 */
function isHopeless(curve, completed, best) {
    const here = reach(curve);
    const longer = completed.filter((other) => reach(other.curve) > here).slice(-decay_curve_MOST);
    if (curve.length === 0 || longer.length < FEWEST)
        return false;
    const places = curve.map(({ x }) => x);
    const heights = longer.map((other) => places.map((x) => heightAt(other.curve, x)));
    const gains = longer.map(({ final, curve: other }) => final - heightAt(other, here));
    const own = curve.map(({ y }) => y);
    const prediction = regress(heights.map((left) => heights.map((right) => distance(left, right))), gains, heights.map((other) => distance(own, other)));
    if (prediction === undefined)
        return false;
    return chanceAbove(best, heightAt(curve, here) + prediction.mean, prediction.deviation) < VERY_LOW;
}

;// CONCATENATED MODULE: ./build/src/local/study/stopping/median.js

/** Of fewer trials the median says little; the service's number is not documented. */
const median_FEWEST = 3;
function median(values) {
    const sorted = [...values].sort((left, right) => left - right);
    const middle = sorted.length >> 1;
    const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
    return (low + high) / 2;
}
/**
 * The median rule (the proto's comment): whether the trial's best value so far is strictly below the median of the others'
 * performance up to its last measurement, which is the average of what each had reported by then.
 */
function isBelowMedian(curve, completed) {
    const averages = completed.flatMap((other) => {
        const values = other.filter(({ x }) => x <= reach(curve)).map(({ y }) => y);
        return values.length === 0 ? [] : [values.reduce((sum, y) => sum + y, 0) / values.length];
    });
    return averages.length >= median_FEWEST && Math.max(...curve.map(({ y }) => y)) < median(averages);
}

;// CONCATENATED MODULE: ./build/src/local/study/stopping/early-stopping.js





const RULES = {
    medianAutomatedStoppingSpec: 'the median rule',
    decayCurveStoppingSpec: 'the decay curve rule',
    convexAutomatedStoppingSpec: 'the convex rule',
};
const ruleAsked = (study) => Object.keys(RULES).find((rule) => study[rule] !== undefined);
/** With several metrics no value is the best, and the service's way with them is not documented: no rule applies. */
function ruleOf(study) {
    return onlyObjective(study) === undefined ? undefined : ruleAsked(study);
}
const CONVEX_WITHOUT = [
    ['learningRateParameterName', 'learning_rate_parameter_name'],
    ['updateAllStoppedTrials', 'update_all_stopped_trials'],
];
/** What the service log says of early stopping; undefined where the study does not ask for it. */
function stoppingNote(study) {
    const rule = ruleAsked(study);
    if (rule === undefined)
        return undefined;
    if (ruleOf(study) === undefined)
        return 'Early stopping: with several metrics no trial is stopped.';
    const idle = CONVEX_WITHOUT.filter(([name]) => study.convexAutomatedStoppingSpec?.[name]).map(([, name]) => name);
    const without = idle.length === 0 ? '' : ` Without effect in this region: ${idle.join(', ')}.`;
    return `Early stopping: trials are stopped by ${RULES[rule]}.${without}`;
}
/** What each rule makes of a trial: where it may not go on true, or the point that is predicted. */
const VERDICTS = {
    medianAutomatedStoppingSpec: (_study, curve, completed) => isBelowMedian(curve, completed.map((other) => other.curve)),
    decayCurveStoppingSpec: (_study, curve, completed, whole) => isHopeless(curve, whole, bestOf(completed)),
    convexAutomatedStoppingSpec: ({ convexAutomatedStoppingSpec = {} }, curve, completed, whole) => convexPrediction(curve, whole, bestOf(completed), convexRule(convexAutomatedStoppingSpec)) ?? false,
};
const bestOf = (completed) => Math.max(...completed.map(({ final }) => final));
/** The point that the rule predicts as a report of the study's metric. */
function reportOf(study, { measurements = [] }, point, usesTime) {
    const metric = onlyObjective(study);
    const { stepCount = '0', elapsedDuration = '0s' } = measurements.at(-1) ?? {};
    return {
        metricId: metric?.metricId ?? '',
        value: signOf(metric) * point.y,
        step: usesTime ? BigInt(stepCount) : BigInt(Math.round(point.x)),
        timestamp: usesTime ? point.x : Number.parseFloat(elapsedDuration),
    };
}
/**
 * Whether a trial that runs is to be stopped; undefined while it may go on. `trials` are all of the study; `stopped` names
 * those that were stopped early themselves, whose last value is not what they would have come to.
 */
function stopOf(study, trial, trials, stopped) {
    const rule = ruleOf(study);
    if (rule === undefined)
        return undefined;
    const usesTime = study[rule]?.['useElapsedDuration'] === true;
    const curve = curveOf(study, trial, usesTime);
    if (curve.length === 0)
        return undefined;
    const completed = trials.flatMap((other) => {
        const final = other.state === 'SUCCEEDED' ? scoreOf(study, other.finalMeasurement) : undefined;
        return final === undefined ? [] : [{ id: other.id, curve: curveOf(study, other, usesTime), final }];
    });
    const whole = completed.filter(({ id }) => !stopped.has(id));
    const verdict = VERDICTS[rule](study, curve, completed, whole);
    if (verdict === false)
        return undefined;
    const why = `${RULES[rule]}, ${usesTime ? `${reach(curve)} s` : `step ${reach(curve)}`}`;
    return verdict === true ? { why } : { why, prediction: reportOf(study, trial, verdict, usesTime) };
}

;// CONCATENATED MODULE: ./build/src/local/study/trial-rules.js
/**
 * Why the job fails now, or undefined while it may go on. `finished` holds its trials in the order in which they ended.
 * With `maxFailedTrialCount` the job ends when that many failed. Without it the service decides: at once when the first
 * trial fails (documented); for the later ones its numbers are unknown, and ours are that the job fails at its end when
 * more than half of its trials failed.
 */
function tuningFailure(job, finished, isEnd) {
    const failed = finished.filter((trial) => trial.state === 'INFEASIBLE');
    const [worst] = failed;
    if (worst === undefined)
        return undefined;
    const reason = `Trial ${worst.id}: ${worst.infeasibleReason ?? 'it is infeasible.'}`;
    const { maxFailedTrialCount: limit = 0 } = job;
    if (limit > 0) {
        if (failed.length < limit)
            return undefined;
        return `The job has ${failed.length} failed trials, and \`max_failed_trial_count\` is ${limit}. ${reason}`;
    }
    if (finished[0] === worst)
        return `The first trial of the job failed. ${reason}`;
    if (!isEnd || failed.length * 2 <= finished.length)
        return undefined;
    return `More than half of the job's trials failed (${failed.length} of ${finished.length}). ${reason}`;
}

;// CONCATENATED MODULE: ./build/src/local/study/stopping/study-end.js


function lastImprovement(study, finished) {
    let best = Number.NEGATIVE_INFINITY;
    let found;
    for (const [index, { state, finalMeasurement, endTime = '' }] of finished.entries()) {
        const score = state === 'SUCCEEDED' ? scoreOf(study, finalMeasurement) : undefined;
        if (score === undefined || score <= best)
            continue;
        best = score;
        found = { endMs: Date.parse(endTime), since: finished.length - index - 1 };
    }
    return found;
}
/** The moment that a constraint names; undefined where it is not set. */
function study_end_momentOf({ maxDuration, endTime } = {}, begunMs) {
    if (endTime !== undefined)
        return Date.parse(endTime);
    return maxDuration === undefined ? undefined : begunMs + (durationMs(maxDuration) ?? 0);
}
/** The last improvement, of a study of one objective; of several no value is the best (the proto's warning). */
function onlyImprovement(study, { finished }) {
    return onlyObjective(study) === undefined ? undefined : lastImprovement(study, finished);
}
function stagnationMs({ maxDurationNoProgress }) {
    return maxDurationNoProgress === undefined ? undefined : durationMs(maxDurationNoProgress);
}
/** Whether a rule that comes before the others says that it is too early to stop. */
function isTooEarly(config, { begunMs, nowMs, finished }) {
    const earliest = study_end_momentOf(config.minimumRuntimeConstraint, begunMs);
    if (earliest !== undefined && nowMs < earliest)
        return true;
    const completed = finished.filter(({ state }) => state === 'SUCCEEDED').length;
    return completed < (config.minNumTrials ?? 0);
}
/**
 * Why the study ends, by its `studyStoppingConfig`, or undefined while it may go on. The rules and their order are those
 * of the proto's comment: a minimum that is not reached comes before every reason to stop. Where that comment leaves room,
 * this service's choices are: `maxNumTrials` is the most that there will be, trials that failed count as no progress, and
 * before any trial has succeeded nothing is called a lack of it.
 */
function studyEnd(study, progress) {
    const { studyStoppingConfig: config } = study;
    if (config === undefined || isTooEarly(config, progress))
        return undefined;
    const { maxNumTrials, maxNumTrialsNoProgress: mostIdle } = config;
    const latest = study_end_momentOf(config.maximumRuntimeConstraint, progress.begunMs);
    if (latest !== undefined && progress.nowMs >= latest)
        return 'its `maximum_runtime_constraint` has passed';
    if (maxNumTrials !== undefined && progress.trialCount >= maxNumTrials)
        return `\`max_num_trials\` is ${maxNumTrials}`;
    const improvement = onlyImprovement(study, progress);
    if (improvement === undefined)
        return undefined;
    const { since, endMs } = improvement;
    if (mostIdle !== undefined && since >= mostIdle) {
        return `${since} trials brought no progress, and \`max_num_trials_no_progress\` is ${mostIdle}`;
    }
    const longest = stagnationMs(config);
    if (longest === undefined || progress.nowMs < endMs + longest)
        return undefined;
    return `there was no progress for ${config.maxDurationNoProgress}, its \`max_duration_no_progress\``;
}
/** When `studyEnd` is to be asked again though no trial has ended until then; undefined where time alone changes nothing. */
function nextLookMs(study, progress) {
    const { studyStoppingConfig: config = {} } = study;
    const { begunMs, nowMs } = progress;
    const longest = stagnationMs(config);
    const improvement = onlyImprovement(study, progress);
    const moments = [
        study_end_momentOf(config.minimumRuntimeConstraint, begunMs),
        study_end_momentOf(config.maximumRuntimeConstraint, begunMs),
        longest === undefined || improvement === undefined ? undefined : improvement.endMs + longest,
    ].filter((moment) => moment !== undefined && moment > nowMs);
    return moments.length === 0 ? undefined : Math.min(...moments.map((moment) => moment ?? 0));
}

;// CONCATENATED MODULE: ./build/src/local/jobs/study-watch.js




/** The job of a trial that is stopped ends as cancelled: our choice, the service's is not documented. */
function stoppedTrial(why) {
    const message = `CANCELED: The trial was stopped ${why}.`;
    return new JobEnded({ state: 'CANCELLED', error: { code: RPC_CODES.CANCELLED.number, message } });
}
/** Ends a study by the rules of its `studyStoppingConfig`. What has ended stays so, whatever the rules say later. */
class StudyWatch {
    #options;
    #halt = new AbortController();
    #timer = new AbortController();
    #isOver = false;
    constructor(options) {
        this.#options = options;
    }
    /** Aborts when the trials that run are to be stopped too: at the study's end where it wants that (`shouldStopAsap`). */
    get halt() {
        return this.#halt.signal;
    }
    /** Whether the study wants no further trial. To be asked before each trial and after the end of each. */
    isOver() {
        if (this.#isOver)
            return true;
        this.#timer.abort();
        const { clock, study, begunMs, trials, onEnd } = this.#options;
        const progress = { begunMs, nowMs: clock.now(), ...trials() };
        const reason = studyEnd(study, progress);
        if (reason === undefined) {
            this.#lookAgain(nextLookMs(study, progress), progress.nowMs);
            return false;
        }
        this.#isOver = true;
        onEnd(reason);
        if (study.studyStoppingConfig?.shouldStopAsap === true)
            this.#halt.abort(stoppedTrial(`as its study ended: ${reason}`));
        return true;
    }
    /** Looks at the study no more. */
    close() {
        this.#timer.abort();
    }
    /** Without trials to stop it is enough to look before the next one. */
    #lookAgain(moment, nowMs) {
        const { clock, study } = this.#options;
        if (moment === undefined || study.studyStoppingConfig?.shouldStopAsap !== true)
            return;
        this.#timer = new AbortController();
        sleepLong(clock, moment - nowMs, this.#timer.signal).then(() => this.isOver(), () => { });
    }
}

;// CONCATENATED MODULE: ./build/src/local/study/report-log.js
/** So many reports of a trial are kept; the service's number is not known. */
const report_log_MOST_REPORTS = 1000;
/**
 * All reports of a trial. The file keeps only the last hundred, so what earlier readings saw is kept here; a line seen
 * twice (same metric, step and time) counts once. Of more reports than `MOST_REPORTS` the latest are kept, each metric's
 * least and greatest value, and of the others every second step, again and again.
 */
class ReportLog {
    #seen = new Map();
    /** What is older and not known has been left out before. */
    #horizon = Number.NEGATIVE_INFINITY;
    /** Whether any were left out. */
    get isThinned() {
        return this.#horizon > Number.NEGATIVE_INFINITY;
    }
    /** Takes in one reading; tells whether it held anything new. */
    add(reports) {
        let isNew = false;
        for (const report of reports) {
            const key = report_log_keyOf(report);
            if (this.#seen.has(key) || report.timestamp < this.#horizon)
                continue;
            this.#seen.set(key, report);
            isNew = true;
        }
        if (this.#seen.size > report_log_MOST_REPORTS)
            this.#thin();
        return isNew;
    }
    /** In the order in which they were reported. */
    all() {
        return [...this.#seen.values()].sort((left, right) => left.timestamp - right.timestamp);
    }
    #thin() {
        const all = this.all();
        const old = all.slice(0, -report_log_MOST_REPORTS / 2);
        const recent = all.slice(old.length);
        this.#horizon = recent[0]?.timestamp ?? this.#horizon;
        const extreme = new Set(extremes(all));
        const places = [...new Set(old.map(report_log_placeOf))];
        // Where all are of a few steps, as after many restarts, none of them is worth more than another.
        const every = places.length > old.length / 10 ? new Set(places.filter((_place, index) => index % 2 === 0)) : new Set();
        const kept = old.filter((report) => extreme.has(report) || every.has(report_log_placeOf(report)));
        this.#seen = new Map([...kept, ...recent].map((report) => [report_log_keyOf(report), report]));
    }
}
const report_log_keyOf = ({ metricId, step, timestamp }) => `${metricId}\n${step}\n${timestamp}`;
/** What is one Measurement's: the step, or where there is none the time. */
const report_log_placeOf = ({ step, timestamp }) => (step === 0n ? `t${timestamp}` : String(step));
/** The reports of each metric's least and greatest value. */
function extremes(reports) {
    const found = new Map();
    for (const report of reports) {
        if (Number.isNaN(report.value))
            continue;
        const [least, most] = found.get(report.metricId) ?? [report, report];
        found.set(report.metricId, [
            report.value < least.value ? report : least,
            report.value > most.value ? report : most,
        ]);
    }
    return [...found.values()].flat();
}

;// CONCATENATED MODULE: ./build/src/local/study/metrics-file.js


const OTHER_KEYS = new Set(['timestamp', 'trial', 'global_step', 'checkpoint_path']);
/** Python's `float` takes more spellings than JavaScript's `Number`; `str(float)` writes only these. */
function pythonFloat(value) {
    if (typeof value === 'number')
        return value;
    if (typeof value !== 'string' || value.trim() === '')
        return undefined;
    const text = value.trim().toLowerCase();
    if (text === 'nan')
        return Number.NaN;
    const infinite = /^([+-]?)inf(?:inity)?$/.exec(text);
    if (infinite !== null)
        return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    const number = Number(text);
    return Number.isNaN(number) ? undefined : number;
}
/** The last second of the year 9999: protobuf's times go no further. */
const metrics_file_LAST_SECOND = 253_402_300_799;
/** A program may write anything, and measurements tell the time since the trial's start. */
function metrics_file_timeOf(value) {
    const seconds = pythonFloat(value) ?? 0;
    return seconds >= 0 && seconds <= metrics_file_LAST_SECOND ? seconds : 0;
}
function stepOf(value) {
    const text = String(value ?? '0');
    return /^\d{1,18}$/.test(text) ? BigInt(text) : 0n;
}
function metrics_file_parsed(line) {
    try {
        return JSON.parse(line);
    }
    catch {
        return undefined;
    }
}
/**
 * The reports in the text of a hypertune file: one JSON object a line, the metric's name as a key (cloudml-hypertune).
 * The file is rewritten in place while it is read, so a line that is cut short is passed over.
 */
function parseReports(text) {
    return text.split('\n').flatMap((line) => {
        const entry = metrics_file_parsed(line);
        if (!isRecord(entry))
            return [];
        const timestamp = metrics_file_timeOf(entry['timestamp']);
        const step = stepOf(entry['global_step']);
        return Object.entries(entry).flatMap(([metricId, raw]) => {
            const value = OTHER_KEYS.has(metricId) ? undefined : pythonFloat(raw);
            return value === undefined ? [] : [{ metricId, value, step, timestamp }];
        });
    });
}
/**
 * What belongs to one Measurement: the last value of each metric at one step, in the order of the steps (the proto's
 * comment on measurements). Step 0 stands for none at all (cloudml-hypertune): there a metric that comes again begins
 * another one.
 */
function bySteps(reports) {
    const groups = [];
    const latest = new Map();
    for (const { step, timestamp, metricId, value } of reports) {
        const known = latest.get(step);
        const isSame = known !== undefined && (step !== 0n || !known.values.has(metricId));
        const group = isSame ? known : { step, timestamp, values: new Map() };
        group.timestamp = timestamp;
        group.values.set(metricId, value);
        if (isSame)
            continue;
        groups.push(group);
        latest.set(step, group);
    }
    return groups.sort((left, right) => Number(left.step - right.step));
}
/** Seconds as a protobuf duration, to the millisecond: no decimals, or three (proto3 JSON). */
function duration(seconds) {
    return Number.isInteger(seconds) ? `${seconds}s` : `${seconds.toFixed(3)}s`;
}
function measurement(step, timestamp, values, startSeconds) {
    const elapsed = Math.max(0, timestamp - startSeconds);
    const metrics = [...values].map(([metricId, value]) => ({ metricId, value }));
    return { elapsedDuration: duration(Number(elapsed.toFixed(3))), stepCount: String(step), metrics };
}
/** The reports that measurements were made of, which an earlier process of the service read. */
function reportsOf(measurements = [], startSeconds) {
    return measurements.flatMap(({ elapsedDuration = '0s', stepCount = '0', metrics = [] }) => metrics.map(({ metricId, value }) => ({
        metricId,
        value,
        step: BigInt(stepCount),
        timestamp: startSeconds + Number.parseFloat(elapsedDuration),
    })));
}
/**
 * The trial's measurements: what was reported at one step is one Measurement. Numbers that JSON cannot hold (NaN,
 * infinity) and metrics that the study does not name are left out.
 */
function measurementsOf(study, reports, startSeconds) {
    const named = new Set(study.metrics.map((metric) => metric.metricId));
    const usable = reports.filter((report) => named.has(report.metricId) && Number.isFinite(report.value));
    return bySteps(usable).map(({ step, timestamp, values }) => measurement(step, timestamp, values, startSeconds));
}
function missing(study, reports) {
    const wanted = study.metrics.map((metric) => metric.metricId).join(', ');
    const found = [...new Set(reports.map((report) => report.metricId))].join(', ');
    const reported = found === '' ? 'it reported none' : `it reported ${found}`;
    return `The trial ended without a value for every metric of the study (${wanted}): ${reported}.`;
}
/**
 * The measurement that counts. LAST_MEASUREMENT (the default): the last step that has every metric; where no single
 * step has, the last value of each (our choice, the service's is not documented). BEST_MEASUREMENT: of the steps that
 * have every metric, the best by the first objective's goal. A last value that is no finite number makes the trial
 * INFEASIBLE (our choice likewise).
 */
function verdictOf(study, reports, startSeconds) {
    const names = study.metrics.map((metric) => metric.metricId);
    const relevant = reports.filter((report) => names.includes(report.metricId));
    const last = new Map(relevant.map((report) => [report.metricId, report]));
    if (names.some((name) => !last.has(name)))
        return { infeasible: missing(study, reports) };
    const wantsBest = study.measurementSelectionType === 'BEST_MEASUREMENT';
    const bad = [...last.values()].find((report) => !Number.isFinite(report.value));
    if (bad !== undefined && !wantsBest)
        return { infeasible: `The metric ${bad.metricId} was ${bad.value}.` };
    const complete = bySteps(relevant.filter((report) => Number.isFinite(report.value))).filter((group) => names.every((name) => group.values.has(name)));
    const chosen = wantsBest ? best(study, complete) : complete.at(-1);
    if (chosen !== undefined) {
        return { finalMeasurement: measurement(chosen.step, chosen.timestamp, chosen.values, startSeconds) };
    }
    if (bad !== undefined)
        return { infeasible: `The metric ${bad.metricId} was ${bad.value}.` };
    const values = new Map([...last].map(([name, report]) => [name, report.value]));
    const latest = relevant.at(-1);
    return { finalMeasurement: measurement(latest?.step ?? 0n, latest?.timestamp ?? 0, values, startSeconds) };
}
function best(study, groups) {
    const [metric] = objectivesOf(study);
    if (metric === undefined)
        return undefined;
    const score = (group) => signOf(metric) * (group.values.get(metric.metricId) ?? Number.NaN);
    return groups.reduce((top, group) => (top && score(top) >= score(group) ? top : group), undefined);
}

;// CONCATENATED MODULE: ./build/src/local/jobs/trial-metrics.js



/** Between two looks at the metric file. How often the real service looks is not documented. */
const LOOK_EVERY_MS = 500;
/** Of so many measurements those that are new are told half as often. */
const TOLD_RARER = 50;
/**
 * What a trial reports, read from its replicas' metric files while it runs. Every reading counts; but all measurements are
 * kept and answered anew at each change, so the more there are, the less often new ones are told.
 */
class TrialMetrics {
    #options;
    #log = new ReportLog();
    #isUntold = false;
    #nextMs = Number.NEGATIVE_INFINITY;
    constructor(options) {
        this.#options = options;
        this.#log.add(reportsOf(options.earlier, options.startMs / 1000));
    }
    /** Whether there were so many that some were left out. */
    get isThinned() {
        return this.#log.isThinned;
    }
    /** Takes in what the files hold now; gives all measurements where there are new ones to tell. */
    async look() {
        const { runtime, jobId, spec } = this.#options;
        for (const seat of seatsOf(spec)) {
            const text = await runtime.folders.metricText(jobId, replicaName(seat));
            if (this.#log.add(parseReports(text)))
                this.#isUntold = true;
        }
        return this.#isUntold && runtime.clock.now() >= this.#nextMs ? this.#told() : undefined;
    }
    /** The same at the trial's end, where all that is new is told. */
    async lastLook(prediction) {
        this.#nextMs = Number.NEGATIVE_INFINITY;
        const read = await this.look();
        if (prediction === undefined)
            return read;
        // The prediction's time counts from the trial's start.
        this.#log.add([{ ...prediction, timestamp: prediction.timestamp + this.#startSeconds }]);
        return this.#told();
    }
    verdict() {
        return verdictOf(this.#options.study, this.#log.all(), this.#startSeconds);
    }
    get #startSeconds() {
        return this.#options.startMs / 1000;
    }
    #told() {
        const { runtime, study } = this.#options;
        const measurements = measurementsOf(study, this.#log.all(), this.#startSeconds);
        this.#isUntold = false;
        this.#nextMs = runtime.clock.now() + (LOOK_EVERY_MS * measurements.length) / TOLD_RARER;
        return measurements.length > 0 ? measurements : undefined;
    }
}

;// CONCATENATED MODULE: ./build/src/local/jobs/trial.js




/** In the words of the service's predecessor (observed), which ended the job there. */
const thinnedNote = (id) => `Too many hyperparameter tuning metrics were written by Hyperparameter Tuning Trial #${id}: of more than ${report_log_MOST_REPORTS} the older ones are kept in part.`;
/** Looks again and again until `until` aborts. */
async function watch(runtime, until, lookOnce) {
    while (!until.aborted) {
        await lookOnce();
        await runtime.clock.sleep(LOOK_EVERY_MS, until).catch(() => { });
    }
}
/**
 * Runs one trial to its end and gives it in its last state. It is REQUESTED while its job waits for room, ACTIVE from then
 * on, and STOPPING when it has been told to end.
 */
async function runTrial(runtime, run) {
    const stop = new AbortController();
    const over = new AbortController();
    const early = AbortSignal.any([stop.signal, run.halt]);
    const signal = AbortSignal.any([run.signal, early]);
    const job = run.host.startTrialJob(run.tuning, run.trial, run.spec, signal);
    let trial = { ...run.trial, customJob: job.name };
    const put = (change) => {
        trial = { ...trial, ...change };
        run.onChange(trial);
        return trial;
    };
    put({});
    const onAbort = () => put({ state: 'STOPPING' });
    signal.addEventListener('abort', onAbort, { once: true });
    // It was told to end before the service was started again, and its container may not know.
    if (run.trial.state === 'STOPPING')
        stop.abort(stoppedTrial('before the service was started again'));
    await job.begun;
    const { startTime = timestampOf(runtime.clock.now()) } = trial;
    const startMs = Date.parse(startTime);
    if (!signal.aborted)
        put({ state: 'ACTIVE', startTime });
    const { studySpec: study } = run.tuning.resource;
    const metrics = new TrialMetrics({
        runtime,
        study,
        jobId: job.record.id,
        spec: run.spec,
        startMs,
        earlier: trial.measurements,
    });
    let predicted;
    const lookOnce = async () => {
        const wasThinned = metrics.isThinned;
        const measurements = await metrics.look();
        if (metrics.isThinned && !wasThinned)
            run.say(thinnedNote(trial.id));
        if (measurements === undefined)
            return;
        put({ measurements });
        const decision = signal.aborted || over.signal.aborted ? undefined : run.stopOf(trial);
        if (decision === undefined)
            return;
        predicted = decision.prediction;
        stop.abort(stoppedTrial(`early by ${decision.why}`));
    };
    const watching = watch(runtime, over.signal, lookOnce);
    await job.ended;
    over.abort();
    await watching;
    // One whose job had come to its own end by then was not stopped.
    const isEarly = early.aborted || run.trial.state === 'STOPPING';
    const isStopped = isEarly && !run.signal.aborted && job.record.resource.state === 'JOB_STATE_CANCELLED';
    const measurements = await metrics.lastLook(isStopped ? predicted : undefined);
    signal.removeEventListener('abort', onAbort);
    const end = trial_conclusion(run, isStopped ? undefined : job.record.resource, metrics.verdict());
    const endTime = timestampOf(runtime.clock.now());
    return put({ ...(measurements && { measurements }), ...end, endTime });
}
/**
 * How the trial ends after its job, which is undefined where the trial was stopped early: that ends by what it had
 * reported, since only one without a final measurement is INFEASIBLE (the proto's comment).
 */
function trial_conclusion(run, job, verdict) {
    if (job !== undefined && job.state !== 'JOB_STATE_SUCCEEDED') {
        return { state: 'INFEASIBLE', infeasibleReason: job.error?.message ?? 'The trial was stopped.' };
    }
    if ('infeasible' in verdict) {
        const why = job === undefined && run.halt.reason instanceof Error ? `${run.halt.reason.message} ` : '';
        return { state: 'INFEASIBLE', infeasibleReason: `${why}${verdict.infeasible}` };
    }
    return { state: 'SUCCEEDED', finalMeasurement: verdict.finalMeasurement };
}

;// CONCATENATED MODULE: ./build/src/local/jobs/trial-spec.js


/** The job of one trial: its values after the given arguments, its output in a folder of its own. */
function trialSpec(spec, trialId, point) {
    const values = trialArguments(point).map(escapeReferences);
    const withValues = (program) => ({
        ...program,
        args: [...(program.args ?? []), ...values],
    });
    const workerPoolSpecs = spec.workerPoolSpecs.map(({ containerSpec, pythonPackageSpec, ...pool }) => ({
        ...pool,
        ...(containerSpec && { containerSpec: withValues(containerSpec) }),
        ...(pythonPackageSpec && { pythonPackageSpec: withValues(pythonPackageSpec) }),
    }));
    const base = spec.baseOutputDirectory?.outputUriPrefix;
    if (base === undefined)
        return { ...spec, workerPoolSpecs };
    const folder = base.endsWith('/') ? base : `${base}/`;
    return { ...spec, workerPoolSpecs, baseOutputDirectory: { outputUriPrefix: `${folder}${trialId}/` } };
}

;// CONCATENATED MODULE: ./build/src/local/jobs/tuning-job.js










const isOver = ({ state }) => state === 'SUCCEEDED' || state === 'INFEASIBLE';
const endMs = ({ endTime = '' }) => Date.parse(endTime) || 0;
/** The trials of one job while it runs. */
class Tuning {
    #runtime;
    #run;
    #source;
    #search;
    /** Aborts when the job has failed, so that its other trials end. */
    #over = new AbortController();
    #signal;
    /** By their ids; at first as an earlier process of the service left them. */
    #trials;
    /** In the order in which they ended. */
    #finished;
    /** Ids of the trials that were stopped early. */
    #stopped;
    #study;
    #begun = 0;
    #failure;
    constructor(runtime, run) {
        this.#runtime = runtime;
        this.#run = run;
        this.#source = { place: run.record.place, jobId: run.record.id };
        this.#search = searchOf(run.record.resource.studySpec, run.seed);
        this.#signal = AbortSignal.any([run.signal, this.#over.signal]);
        const { trials = [] } = run.record.resource;
        this.#trials = new Map(trials.map((trial) => [trial.id, trial]));
        this.#finished = trials.filter(isOver).sort((left, right) => endMs(left) - endMs(right));
        this.#stopped = new Set(trials.filter((trial) => isOver(trial) && run.host.wasStopped(trial)).map(({ id }) => id));
        const { studySpec: study, createTime = '' } = run.record.resource;
        this.#study = new StudyWatch({
            clock: runtime.clock,
            study,
            begunMs: Date.parse(createTime),
            trials: () => ({ trialCount: this.#trials.size, finished: this.#finished }),
            onEnd: (reason) => runtime.logs.service(this.#source, `The study ends: ${reason}.`),
        });
    }
    /** Runs all trials; gives the reason of the job's failure, or undefined. */
    async outcome() {
        const { maxTrialCount, parallelTrialCount, trialJobSpec, studySpec } = this.#run.record.resource;
        const say = (text) => this.#runtime.logs.service(this.#source, text);
        say('Waiting for job to be provisioned.');
        const { record } = this.#run;
        // The trials of a job that goes on after a restart of the service are prepared each by itself.
        const isNew = this.#trials.size === 0;
        const preparation = { record, spec: trialJobSpec, signal: this.#signal, say };
        await (isNew ? this.#runtime.backend.prepare(this.#runtime, preparation) : Promise.resolve());
        if (this.#signal.aborted)
            await this.#endOpen();
        const { startTime = timestampOf(this.#runtime.clock.now()) } = record.resource;
        update(this.#runtime, record, { state: 'JOB_STATE_RUNNING', startTime });
        say('Job is running.');
        say(searchNote(studySpec));
        const note = stoppingNote(studySpec);
        if (note !== undefined)
            say(note);
        const lanes = Array.from({ length: Math.min(maxTrialCount, parallelTrialCount) }, () => this.#lane());
        try {
            await Promise.all(lanes);
        }
        catch (error) {
            this.#over.abort(new JobStopped('failed', 'The job has failed.'));
            await Promise.allSettled(lanes);
            throw error;
        }
        finally {
            this.#study.close();
        }
        this.#run.signal.throwIfAborted();
        this.#failure ??= tuningFailure(this.#run.record.resource, this.#finished, true);
        return this.#failure;
    }
    /** Ends the trials that an earlier process of the service left, of a job that it was cancelling. Throws the signal's reason. */
    async #endOpen() {
        const open = [...this.#trials.values()].filter((trial) => !isOver(trial));
        await Promise.all(open.map(({ id, parameters }) => this.#trial(id, parameters)));
        this.#signal.throwIfAborted();
    }
    /** One trial after the other, until the job has had all it wants or the points run out. */
    async #lane() {
        while (!this.#signal.aborted && this.#begun < this.#run.record.resource.maxTrialCount) {
            const isNew = !this.#trials.has(String(this.#begun + 1));
            if (isNew && this.#study.isOver())
                return;
            const point = this.#search.next([...this.#trials.values()]);
            // A grid smaller than the job: a study is complete when its space is exhausted (the proto's comment on Study.State).
            if (point === undefined)
                return;
            this.#begun += 1;
            await this.#trial(String(this.#begun), point);
        }
    }
    async #trial(id, point) {
        const { record, host } = this.#run;
        const first = this.#trials.get(id) ?? { id, state: 'REQUESTED', parameters: point };
        if (isOver(first))
            return;
        this.#put(first);
        this.#runtime.logs.service(this.#source, `Trial ${id}: ${trialArguments(first.parameters).join(' ')}`);
        const trial = await runTrial(this.#runtime, {
            tuning: record,
            trial: first,
            spec: trialSpec(record.resource.trialJobSpec, id, first.parameters),
            signal: this.#signal,
            halt: this.#study.halt,
            host,
            onChange: (changed) => this.#put(changed),
            say: (line) => this.#runtime.logs.service(this.#source, line, 'WARNING'),
            stopOf: (active) => this.#stopOf(active),
        });
        if (this.#signal.aborted)
            return;
        const word = trial.state === 'SUCCEEDED' ? 'succeeded' : `is infeasible: ${trial.infeasibleReason ?? ''}`;
        this.#runtime.logs.service(this.#source, `Trial ${id} ${word}`);
        // One that the study's own end cut short has not failed.
        if (this.#study.halt.aborted && trial.state === 'INFEASIBLE')
            return;
        this.#finished.push(trial);
        this.#study.isOver();
        this.#failure ??= tuningFailure(record.resource, this.#finished, false);
        if (this.#failure !== undefined)
            this.#over.abort(new JobStopped('failed', this.#failure));
    }
    #stopOf(trial) {
        const { studySpec } = this.#run.record.resource;
        const stop = stopOf(studySpec, trial, [...this.#trials.values()], this.#stopped);
        if (stop === undefined)
            return undefined;
        this.#stopped.add(trial.id);
        this.#runtime.logs.service(this.#source, `Trial ${trial.id} is stopped early by ${stop.why}`);
        return stop;
    }
    #put(trial) {
        this.#trials.set(trial.id, trial);
        update(this.#runtime, this.#run.record, { trials: [...this.#trials.values()] });
    }
}
/** Runs a tuning job to its end. Whatever goes wrong is told in the resource; nothing is thrown. */
async function runTuningJob(runtime, run) {
    const { record } = run;
    const say = (text, severity) => runtime.logs.service({ place: record.place, jobId: record.id }, text, severity);
    const end = (change) => update(runtime, record, { ...change, endTime: timestampOf(runtime.clock.now()) });
    const fail = (error) => {
        say(error.message ?? 'Job failed.', 'ERROR');
        end({ state: 'JOB_STATE_FAILED', error });
    };
    try {
        const message = await new Tuning(runtime, run).outcome();
        if (message !== undefined)
            return fail({ code: RPC_CODES.INVALID_ARGUMENT.number, message });
        say('Job completed successfully.', 'INFO');
        end({ state: 'JOB_STATE_SUCCEEDED' });
    }
    catch (error) {
        if (!run.signal.aborted)
            return fail(troubleStatus(error));
        const { state, error: status, text, severity } = stoppedEnding(run.signal.reason);
        say(text, severity);
        end({ state: `JOB_STATE_${state}`, ...(status && { error: status }) });
    }
}

;// CONCATENATED MODULE: ./build/src/local/jobs/jobs.js










/** A display name made from another one, which is cut where both together are longer than a name may be. */
function derivedName(displayName, suffix) {
    return [...displayName].slice(0, 128 - suffix.length).join('') + suffix;
}
/** The jobs and training pipelines of the service: made, found, cancelled, and all ended when it closes. */
class Jobs {
    store = new JobStore();
    #runtime;
    #newId;
    #registry;
    #scheduler;
    #admission;
    #customRuns;
    #running;
    #closing = false;
    /** Without a scheduler there is room for every job at once. */
    constructor(runtime, newId, registry, scheduler) {
        this.#runtime = runtime;
        this.#newId = newId;
        this.#registry = registry;
        this.#running = new Running(runtime);
        this.#scheduler = scheduler;
        this.#admission = new Admission(runtime, scheduler);
        this.#customRuns = new CustomRuns(runtime, this.#admission);
    }
    /** Throws RESOURCE_EXHAUSTED for a job that exceeds the quota, as do all that make jobs. */
    createCustomJob(place, job) {
        return this.#customJob(place, job).record.resource;
    }
    createTuningJob(place, job) {
        return this.#tuningJob(place, job).record.resource;
    }
    /** Makes a pipeline. Throws where the model that is to get a new version is not there. */
    createPipeline(place, { pipeline, task }) {
        if (pipeline.modelToUpload !== undefined)
            this.#registry.check(place, pipeline);
        const record = this.#add(place, 'trainingPipelines', pipeline, true);
        this.#runPipeline(record, task);
        return record.resource;
    }
    /**
     * The pipeline's key goes to its job, since it secures the whole pipeline (the proto's comment). Its labels do not: no
     * source says so, and the task's inputs have labels of their own.
     */
    startBackingJob({ place, resource: { displayName, encryptionSpec } }, task) {
        const key = encryptionSpec === undefined ? {} : { encryptionSpec };
        if (task.collection === 'customJobs') {
            return this.#customJob(place, { ...task.job, ...key, displayName: derivedName(displayName, '-custom-job') });
        }
        const name = derivedName(displayName, '-hyperparameter-tuning-job');
        return this.#tuningJob(place, { ...task.job, ...key, displayName: name });
    }
    backingJob(name) {
        const record = this.store.named(name);
        return { record, ended: this.#running.ended(record) };
    }
    customJob(name) {
        return this.store.named(name).resource;
    }
    /** A pipeline that an earlier process of the service ran to this point uploads no second time. */
    uploadModel(record, model) {
        return (this.#registry.store.madeBy(recordName(record)) ?? this.#registry.upload(record.place, record.resource, model));
    }
    /** False where that job has been deleted. */
    wasStopped({ customJob = '' }) {
        return this.store.find(customJob)?.resource.state === 'JOB_STATE_CANCELLED';
    }
    startTrialJob(tuning, { id, customJob }, jobSpec, signal) {
        const displayName = derivedName(tuning.resource.displayName, `-trial-${id}`);
        // The tuning job's key secures all that it makes (the proto's comment).
        const { encryptionSpec } = tuning.resource;
        const job = { displayName, jobSpec, ...(encryptionSpec && { encryptionSpec }) };
        const record = customJob === undefined
            ? this.#add(tuning.place, 'customJobs', job, false)
            : this.store.named(customJob);
        const { promise: begun, resolve: onBegin } = Promise.withResolvers();
        const run = (own) => this.#customRuns.runTrial(record, AbortSignal.any([own, signal]), { tuning, id, onBegin });
        const ended = isTerminal(record.resource) ? Promise.resolve() : this.#running.start(record, run);
        return { record, name: recordName(record), begun: Promise.race([begun, ended]), ended };
    }
    /** Asks a job to end; one that has ended stays as it is. */
    cancel(record) {
        this.#running.cancel(record);
    }
    /**
     * Removes a job that has ended, with those of its trials, which nothing else names. What the service does with a running
     * one is not documented: it is refused here.
     */
    delete(record) {
        if (!isTerminal(record.resource)) {
            const message = `The ${KINDS[record.collection].name} ${recordName(record)} has not ended (${record.resource.state}): cancel it first.`;
            throw new ApiError('FAILED_PRECONDITION', message);
        }
        const { trials = [] } = record.resource;
        for (const { customJob = '' } of trials)
            this.#forget(this.store.find(customJob));
        this.#forget(record);
    }
    /**
     * Takes up the jobs of an earlier process of this service, in the order of their making: those that have not ended go
     * on. Custom jobs and trials that ran have their room at once and before all others; the others ask for it anew, in
     * that order.
     */
    resume(records) {
        for (const record of records) {
            this.store.add(record);
            this.#admission.adopt(record);
        }
        const live = records.filter(({ listed, resource }) => listed && !isTerminal(resource));
        const isPipeline = ({ collection }) => collection === 'trainingPipelines';
        // A pipeline waits for its job, which therefore runs before.
        for (const record of [...live.filter((each) => !isPipeline(each)), ...live.filter(isPipeline)]) {
            const wasCancelled = record.resource.state?.endsWith('_CANCELLING') === true;
            void this.#run(record);
            if (wasCancelled)
                this.cancel(record);
        }
    }
    /** Ends every job and removes all that is left of them. */
    async close() {
        this.#closing = true;
        await this.#runtime.backend.close(this.#runtime, this.#running.cancelAll());
    }
    #forget(record) {
        if (record === undefined)
            return;
        this.store.delete(record);
        this.#runtime.journal?.deleted(record);
    }
    #customJob(place, job) {
        this.#scheduler?.check(job.jobSpec);
        const record = this.#add(place, 'customJobs', job, true);
        return { record, ended: this.#runCustomJob(record) };
    }
    #tuningJob(place, job) {
        this.#scheduler?.check(job.trialJobSpec);
        const record = this.#add(place, 'hyperparameterTuningJobs', job, true);
        return { record, ended: this.#runTuningJob(record) };
    }
    #runCustomJob(record) {
        return this.#running.start(record, (signal) => this.#customRuns.run(record, signal));
    }
    #runTuningJob(record) {
        const run = (signal) => runTuningJob(this.#runtime, { record, signal, seed: record.id, host: this });
        return this.#running.start(record, run).finally(() => this.#admission.disown(record));
    }
    #runPipeline(record, task = taskOf(record.resource)) {
        return this.#running.start(record, (signal) => runPipeline(this.#runtime, { record, task, signal, host: this }));
    }
    #run(record) {
        switch (record.collection) {
            case 'customJobs':
                return this.#runCustomJob(record);
            case 'hyperparameterTuningJobs':
                return this.#runTuningJob(record);
            case 'trainingPipelines':
                return this.#runPipeline(record);
        }
    }
    #add(place, collection, job, listed) {
        if (this.#closing)
            throw new ApiError('UNAVAILABLE', 'The service is stopping.');
        const id = this.#newId();
        const now = timestampOf(this.#runtime.clock.now());
        const name = recordName({ id, place, collection });
        const resource = { name, ...job, state: `${KINDS[collection].states}PENDING`, createTime: now, updateTime: now };
        const record = { id, place, collection, listed, resource };
        this.store.add(record);
        this.#runtime.journal?.added(record);
        return record;
    }
}

;// CONCATENATED MODULE: ./build/src/local/logging/position.js

/** Where an entry stands; one without a time stands first. */
function positionOfEntry({ timestamp = '', insertId = '' }) {
    return { nanos: nanosOf(timestamp) ?? 0n, insertId };
}
/** Negative where the first stands first by time. */
function compare(left, right) {
    if (left.nanos !== right.nanos)
        return left.nanos < right.nanos ? -1 : 1;
    if (left.insertId === right.insertId)
        return 0;
    return left.insertId < right.insertId ? -1 : 1;
}
/** A position as a text, for page tokens. */
const positionText = ({ nanos, insertId }) => `${nanos} ${insertId}`;
/** The position that such a text tells; undefined for any other value. */
function readPosition(value) {
    const [, nanos, insertId] = /^(-?\d{1,20}) (\w+)$/.exec(String(value)) ?? [];
    return nanos === undefined || insertId === undefined ? undefined : { nanos: BigInt(nanos), insertId };
}

;// CONCATENATED MODULE: ./build/src/local/logging/log-index.js

/** Bytes after which a new block begins. */
const BLOCK_BYTES = 64 * 1024;
function mayHold({ least, most }, { since, until, after, before }) {
    if (since !== undefined && most.nanos < since)
        return false;
    if (until !== undefined && least.nanos > until)
        return false;
    if (after !== undefined && compare(most, after) <= 0)
        return false;
    return before === undefined || compare(least, before) < 0;
}
/** What memory holds of a log: where in its file each job's entries begin and end, and which times lie where. */
class LogIndex {
    #blocks = [];
    #ranges = new Map();
    #size = 0;
    /** Of the file, in bytes. */
    get size() {
        return this.#size;
    }
    /** A line has been put at the file's end: of so many bytes, with an entry of that job and position. */
    add(jobId, position, bytes) {
        const start = this.#size;
        this.#size += bytes;
        const range = this.#ranges.get(jobId);
        if (range === undefined)
            this.#ranges.set(jobId, { start, end: this.#size });
        else
            range.end = this.#size;
        const last = this.#blocks.at(-1);
        if (last === undefined || last.end - last.start >= BLOCK_BYTES) {
            this.#blocks.push({ start, end: this.#size, least: position, most: position });
            return;
        }
        last.end = this.#size;
        if (compare(position, last.least) < 0)
            last.least = position;
        if (compare(position, last.most) > 0)
            last.most = position;
    }
    /** Where entries within the bounds may lie. */
    blocks(bounds) {
        const { jobId } = bounds;
        const range = jobId === undefined ? { start: 0, end: this.#size } : this.#ranges.get(jobId);
        if (range === undefined)
            return [];
        return this.#blocks
            .filter((block) => block.start < range.end && block.end > range.start && mayHold(block, bounds))
            .map(({ start, end, ...times }) => ({
            start: Math.max(start, range.start),
            end: Math.min(end, range.end),
            ...times,
        }));
    }
}

;// CONCATENATED MODULE: ./build/src/local/logging/earlier-log.js






const TRIAL_LABEL = 'ml.googleapis.com/trial_id';
/** What an entry says, and of whom: equal for the same line told again. */
function earlier_log_keyOf(jobId, task, trial, content) {
    const { severity, textPayload, jsonPayload } = content;
    return JSON.stringify([jobId, task, trial ?? '', severity, textPayload ?? jsonPayload]);
}
/** Cuts off a last line that was not written to its end. */
function cutHalfLine(path) {
    const file = (0,external_node_fs_namespaceObject.openSync)(path, 'r+');
    try {
        (0,external_node_fs_namespaceObject.ftruncateSync)(file, wholeBytes(file));
    }
    finally {
        (0,external_node_fs_namespaceObject.closeSync)(file);
    }
}
/** How much of a file its whole lines take. */
function wholeBytes(file) {
    const piece = Buffer.alloc(64 * 1024);
    let end = (0,external_node_fs_namespaceObject.fstatSync)(file).size;
    while (end > 0) {
        const start = Math.max(0, end - piece.length);
        const read = (0,external_node_fs_namespaceObject.readSync)(file, piece, 0, end - start, start);
        const newline = piece.subarray(0, read).lastIndexOf('\n');
        if (newline >= 0)
            return start + newline + 1;
        end = start;
    }
    return 0;
}
function countIn(counts, key) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
}
function entryIn(line) {
    try {
        const value = JSON.parse(line);
        return isRecord(value) ? value : undefined;
    }
    catch {
        return undefined;
    }
}
function unreadable(path, line) {
    return new UserError(`${path}:${line}: this line of the local region's log cannot be read. Remove the line to go on without that entry, or move the folder away to begin anew.`);
}
/**
 * Reads a log that an earlier process wrote. The lines of the jobs in `live` are remembered: those jobs are gone through
 * from their beginning again, and tell them a second time. Of containers' lines only the number is. Throws UserError for a line that cannot be read.
 */
async function readEarlierLog(path, live) {
    if (!(0,external_node_fs_namespaceObject.existsSync)(path))
        return undefined;
    cutHalfLine(path);
    const index = new LogIndex();
    const said = new Map();
    const told = new Map();
    let count = 0;
    let lastMs = 0;
    for await (const line of (0,external_node_readline_namespaceObject.createInterface)({ input: (0,external_node_fs_namespaceObject.createReadStream)(path), crlfDelay: Number.POSITIVE_INFINITY })) {
        const entry = entryIn(line);
        if (entry === undefined)
            throw unreadable(path, count + 1);
        const { job_id: jobId = '', task_name: task = '' } = entry.resource?.labels ?? {};
        index.add(jobId, positionOfEntry(entry), Buffer.byteLength(line) + 1);
        count += 1;
        lastMs = Math.max(lastMs, Date.parse(entry.receiveTimestamp ?? '') || 0);
        if (!live.has(jobId))
            continue;
        if (entry.origin === undefined)
            countIn(said, earlier_log_keyOf(jobId, task, entry.labels?.[TRIAL_LABEL], entry));
        else
            countIn(told, entry.origin);
    }
    const holds = ({ jobId, task, labels }, content) => {
        const key = earlier_log_keyOf(jobId, task, labels?.[TRIAL_LABEL], content);
        const left = said.get(key) ?? 0;
        if (left === 0)
            return false;
        if (left === 1)
            said.delete(key);
        else
            said.set(key, left - 1);
        return true;
    };
    return { index, count, lastMs, holds, told };
}

;// CONCATENATED MODULE: ./build/src/local/life/write-whole.js

/**
 * Adds bytes to the end of a file that is open for appending. All of them or none: on a full disk, which takes a part of a line,
 * that part is taken away again, so that the next line stands for itself. Throws what the system says.
 */
function writeWhole(file, bytes, write = external_node_fs_namespaceObject.writeSync) {
    let written = 0;
    try {
        while (written < bytes.length)
            written += write(file, bytes, written);
    }
    catch (error) {
        if (written > 0)
            (0,external_node_fs_namespaceObject.ftruncateSync)(file, (0,external_node_fs_namespaceObject.fstatSync)(file).size - written);
        throw error;
    }
}

;// CONCATENATED MODULE: ./build/src/local/resources/file-journal.js




const lineOf = (line) => `${JSON.stringify(line)}\n`;
/** The journal of a service in its data folder. Each change is written at once: the process may be killed after any of them. */
class FileJournal {
    #file;
    #seen = new WeakMap();
    #isOpen = true;
    /**
     * Writes a journal anew that holds no more than what is left of the earlier one, and goes on with it. `instance` marks what
     * this service makes on the engine.
     */
    constructor(path, instance, { records, models, operations }) {
        const lines = [
            { instance },
            ...records.map((add) => ({ add })),
            ...models.map((model) => ({ model })),
            ...operations.map((operation) => ({ operation })),
        ];
        keepText(path, lines.map(lineOf).join(''));
        this.#file = (0,external_node_fs_namespaceObject.openSync)(path, 'a', 0o600);
    }
    added(record) {
        this.#write({ add: record });
    }
    changed(record, change) {
        const { trials, ...fields } = change;
        const changed = trials === undefined ? {} : { trials: this.#changedTrials(record, trials) };
        this.#write({ change: recordName(record), fields, ...changed });
    }
    /** Trials, like resources, are replaced and never changed. */
    #changedTrials(record, trials) {
        const seen = this.#seen.get(record);
        this.#seen.set(record, new Map(trials.map((trial) => [trial.id, trial])));
        return trials.filter((trial) => seen?.get(trial.id) !== trial);
    }
    decided(record, decision) {
        this.#write({ decided: recordName(record), decision });
    }
    deleted(record) {
        this.#write({ remove: recordName(record) });
    }
    modelChanged(model) {
        this.#write({ model });
    }
    modelDeleted(name) {
        this.#write({ removeModel: name });
    }
    operationDone(operation) {
        this.#write({ operation });
    }
    operationDeleted(name) {
        this.#write({ removeOperation: name });
    }
    /** What is told afterwards is not kept. */
    close() {
        if (!this.#isOpen)
            return;
        this.#isOpen = false;
        (0,external_node_fs_namespaceObject.closeSync)(this.#file);
    }
    #write(line) {
        if (!this.#isOpen)
            return;
        writeWhole(this.#file, Buffer.from(lineOf(line)));
    }
}

;// CONCATENATED MODULE: ./build/src/local/resources/operations.js



const operations_TYPES = 'type.googleapis.com/google.cloud.aiplatform.v1';
const operations_EMPTY = { response: { '@type': 'type.googleapis.com/google.protobuf.Empty' } };
/** The full type of a message of Vertex AI's, as it stands in `@type`. */
const typeUrl = (message) => `${operations_TYPES}.${message}`;
/** Long-running operations. */
class Operations {
    #clock;
    #newId;
    #journal;
    /** In the order of their making, by the place and their id. */
    #known = new Map();
    /** Those who wait for the end of one, by the same keys. */
    #waiting = new Map();
    constructor(clock, newId, journal) {
        this.#clock = clock;
        this.#newId = newId;
        this.#journal = journal;
    }
    /** Takes up an operation that an earlier process of the service kept. */
    restore(operation) {
        this.#known.set(operationKey(operation.name), operation);
    }
    /** Begins an operation on the resource or place of that full name, with metadata of that message. */
    begin(parent, message) {
        const operation = { name: `${parent}/operations/${this.#newId()}`, metadata: this.#metadata(message) };
        this.restore(operation);
        return operation;
    }
    /** Ends an operation that was begun, and gives it as it is then. */
    end({ name, metadata }, outcome) {
        const { genericMetadata } = metadata;
        const updateTime = timestampOf(this.#clock.now());
        const changed = { ...metadata, genericMetadata: { ...genericMetadata, updateTime } };
        const operation = { name, metadata: changed, done: true, ...outcome };
        const key = operationKey(name);
        // One that nobody wants to hear of any more is not taken up again.
        if (!this.#known.has(key))
            return operation;
        this.restore(operation);
        this.#journal?.operationDone(operation);
        for (const go of this.#waiting.get(key) ?? [])
            go();
        this.#waiting.delete(key);
        return operation;
    }
    /**
     * Ends an operation that is under way with the code CANCELLED; one that is done stays as it is, as the call promises no more
     * than to try. Throws NOT_FOUND.
     */
    cancel(place, id) {
        const operation = this.get(place, id);
        if (operation.done === true)
            return;
        this.end(operation, { error: { code: RPC_CODES.CANCELLED.number, message: 'The operation was cancelled.' } });
    }
    /** Forgets an operation, which is not cancelled by that. Throws NOT_FOUND. */
    delete(place, id) {
        const key = operationKey(this.get(place, id).name);
        this.#known.delete(key);
        for (const go of this.#waiting.get(key) ?? [])
            go();
        this.#waiting.delete(key);
        this.#journal?.operationDeleted(key);
    }
    /** Whether an operation has ended: one that was cancelled is to do nothing any more. */
    isDone({ name }) {
        return this.#known.get(operationKey(name))?.done === true;
    }
    /** The operation that a delete answers with: what is deleted here is gone at once. */
    deleted(place) {
        return this.end(this.begin(parentName(place), 'DeleteOperationMetadata'), operations_EMPTY);
    }
    /** The operation of that id in a place. Throws NOT_FOUND. */
    get(place, id) {
        const name = `${parentName(place)}/operations/${id}`;
        const operation = this.#known.get(name);
        if (operation === undefined)
            throw new ApiError('NOT_FOUND', `The Operation does not exist: ${name}`);
        return operation;
    }
    /** The same when it is done, or after so many milliseconds. */
    async wait(place, id, ms) {
        const { done, name } = this.get(place, id);
        if (done !== true) {
            const over = new AbortController();
            const key = operationKey(name);
            this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), () => over.abort()]);
            await this.#clock.sleep(ms, over.signal).catch(() => { });
        }
        return this.get(place, id);
    }
    /** The operations of a resource or place of that full name, latest first. */
    list(parent) {
        return [...this.#known.values()]
            .filter(({ name }) => name.replace(/\/operations\/[^/]+$/, '') === parent)
            .reverse();
    }
    #metadata(message) {
        const now = timestampOf(this.#clock.now());
        return { '@type': typeUrl(message), genericMetadata: { createTime: now, updateTime: now } };
    }
}
/** The name of an operation as if it stood right below its place: its id alone is unique there. */
function operationKey(name) {
    return name.replace(/^(projects\/[^/]+\/locations\/[^/]+)\/.*(operations\/[^/]+)$/, '$1/$2');
}

;// CONCATENATED MODULE: ./build/src/local/resources/read-journal.js





/** Replays a journal. */
class Replay {
    #records = new Map();
    #models = new Map();
    #operations = new Map();
    #instance;
    /** Takes a line that `FileJournal` wrote; only its outline is looked at. False where it is no such line. */
    take(line) {
        const [kind = ''] = Object.keys(line);
        const handler = HANDLERS[kind];
        if (!Object.hasOwn(HANDLERS, kind) || !fits(kind, line))
            return false;
        handler(this, line);
        return true;
    }
    name(instance) {
        this.#instance = instance;
    }
    add(record) {
        this.#records.set(recordName(record), record);
    }
    change(name, fields, trials) {
        const record = this.#records.get(name);
        if (record === undefined)
            return;
        const resource = { ...record.resource, ...fields };
        record.resource =
            trials === undefined
                ? resource
                : { ...resource, trials: read_journal_merged(resource.trials ?? [], trials) };
    }
    decide(name, decision) {
        const record = this.#records.get(name);
        if (record !== undefined)
            record.decision = decision;
    }
    remove(name) {
        this.#records.delete(name);
    }
    putModel(model) {
        this.#models.set(model.name, model);
    }
    removeModel(name) {
        this.#models.delete(name);
    }
    putOperation(operation) {
        this.#operations.set(operationKey(operation.name), operation);
    }
    removeOperation(name) {
        this.#operations.delete(operationKey(name));
    }
    get found() {
        return {
            records: [...this.#records.values()],
            models: [...this.#models.values()],
            operations: [...this.#operations.values()],
            instance: this.#instance,
        };
    }
}
/** The kinds of lines, each by the name that comes first in it. */
const HANDLERS = {
    instance: (replay, { instance }) => replay.name(instance),
    add: (replay, { add }) => replay.add(add),
    change: (replay, line) => replay.change(line.change, line.fields, line.trials),
    decided: (replay, line) => replay.decide(line.decided, line.decision),
    remove: (replay, { remove }) => replay.remove(remove),
    model: (replay, { model }) => replay.putModel(model),
    removeModel: (replay, { removeModel }) => replay.removeModel(removeModel),
    operation: (replay, { operation }) => replay.putOperation(operation),
    removeOperation: (replay, line) => replay.removeOperation(line.removeOperation),
};
const OF_OBJECTS = new Set(['add', 'model', 'operation']);
function fits(kind, line) {
    if (OF_OBJECTS.has(kind) !== isRecord(line[kind]))
        return false;
    if (kind === 'add')
        return isRecord(line['add']['place']);
    if (kind === 'change')
        return isRecord(line['fields']);
    return kind !== 'decided' || isRecord(line['decision']);
}
function read_journal_merged(earlier, changed) {
    return [...new Map([...earlier, ...changed].map((trial) => [trial.id, trial])).values()];
}
function read_journal_parsed(line) {
    try {
        const value = JSON.parse(line);
        return isRecord(value) ? value : undefined;
    }
    catch {
        return undefined;
    }
}
/**
 * Reads a journal; there may be none. A last line without its end was cut off by a kill: that change was never answered, and
 * `onNote` hears of it. Throws UserError for any other line that cannot be read.
 */
function readJournal(path, onNote = () => { }) {
    const replay = new Replay();
    const lines = (0,external_node_fs_namespaceObject.existsSync)(path) ? (0,external_node_fs_namespaceObject.readFileSync)(path, 'utf8').split('\n') : [''];
    const rest = lines.pop();
    for (const [index, text] of lines.entries()) {
        const line = read_journal_parsed(text);
        if (line !== undefined && replay.take(line))
            continue;
        throw new UserError(`${path}:${index + 1}: this line of the local region's journal cannot be read. Remove the line to go on without what it tells, or move the folder away to begin anew.`);
    }
    if (rest !== '')
        onNote(`${path}:${lines.length + 1}: the last line was not written to its end, and is left out.`);
    return replay.found;
}

;// CONCATENATED MODULE: ./build/src/local/life/kept.js






/** Takes up what an earlier process of the service left in its folder. Throws UserError where that cannot be read. */
async function kept_begin({ data, logFile, onNote }) {
    const fresh = (0,external_node_crypto_namespaceObject.randomBytes)(8).toString('hex');
    if (!data.isKept) {
        return { instance: fresh, kept: { records: [], models: [], operations: [] }, log: undefined, journal: undefined };
    }
    const file = (0,external_node_path_namespaceObject.join)(data.path, 'jobs.ndjson');
    const { instance = fresh, ...kept } = readJournal(file, onNote);
    const live = kept.records.filter(({ resource }) => !isTerminal(resource));
    const log = await readEarlierLog(logFile, new Set(live.map(({ id }) => id)));
    return { instance, kept, log, journal: new FileJournal(file, instance, kept) };
}

;// CONCATENATED MODULE: ./build/src/local/life/left.js




/**
 * The ids of the custom jobs that go on: those of their own, and those of the open trials of tuning jobs that do. What is
 * left of all others is left by mistake.
 */
function goingOn(records) {
    const ids = new Map(records.map((record) => [recordName(record), record.id]));
    const live = records.filter(({ listed, resource }) => listed && !isTerminal(resource));
    const own = live.filter(({ collection }) => collection === 'customJobs').map(({ id }) => id);
    const trials = live.flatMap(({ resource }) => resource.trials ?? []);
    const open = trials.filter(({ endTime }) => endTime === undefined);
    return new Set([...own, ...open.flatMap(({ customJob = '' }) => ids.get(customJob) ?? [])]);
}
/** Containers and networks of an earlier process of the service. */
class Left {
    #engine;
    #jobs = new Map();
    #astray = {
        containers: [],
        networks: [],
    };
    #shared;
    /** `jobs` has the ids of the custom jobs that go on. */
    constructor(engine, jobs, { containers, networks }) {
        this.#engine = engine;
        for (const id of jobs)
            this.#jobs.set(id, { containers: new Map(), network: undefined });
        for (const container of containers)
            this.#sortContainer(container);
        for (const network of networks)
            this.#sortNetwork(network);
    }
    /** Of two containers of one replica the later one counts, which the engine lists first. */
    #sortContainer(container) {
        const job = this.#jobs.get(container.label(JOB_LABEL) ?? '');
        const replica = container.label(REPLICA_LABEL);
        if (job === undefined || replica === undefined || job.containers.has(replica)) {
            this.#astray.containers.push(container);
        }
        else {
            job.containers.set(replica, container);
        }
    }
    #sortNetwork(network) {
        const jobId = network.label(JOB_LABEL);
        const job = this.#jobs.get(jobId ?? '');
        if (job !== undefined && job.network === undefined)
            job.network = network;
        else if (jobId === undefined && this.#shared === undefined)
            this.#shared = network;
        else
            this.#astray.networks.push(network);
    }
    /** The network of the jobs with a single replica. */
    get shared() {
        return this.#shared?.id;
    }
    /** What `take` would give. */
    peek(jobId) {
        return this.#jobs.get(jobId);
    }
    /** What is left of a job, maybe nothing; undefined for one that did not go on, and from the second time. */
    take(jobId) {
        const job = this.#jobs.get(jobId);
        this.#jobs.delete(jobId);
        return job;
    }
    /** Removes what belongs to no job that goes on; `onFault` hears what could not be. */
    async clear(onFault) {
        const { containers, networks } = this.#astray;
        await Promise.all(containers.map(({ id }) => this.#engine.remove(id).catch(onFault)));
        await Promise.all(networks.map(({ id }) => this.#engine.removeNetwork(id).catch(onFault)));
    }
}
/**
 * Looks for what an earlier process of the service left on the engine; undefined where that cannot be asked and no job is
 * waiting there. Throws UserError where one is.
 */
async function findLeft({ engine, instance, records }) {
    const jobs = goingOn(records);
    try {
        return new Left(engine, jobs, await engine.labelled(`${SERVICE_LABEL}=${instance}`));
    }
    catch (error) {
        if (jobs.size === 0)
            return undefined;
        throw new UserError(`${jobs.size === 1 ? 'A job has' : `${jobs.size} jobs have`} not ended that an earlier local region ran, and what became of ${jobs.size === 1 ? 'it' : 'them'} cannot be seen: ${messageOf(error)} Start the engine, or begin anew with another folder by --data.`, { cause: error });
    }
}

;// CONCATENATED MODULE: ./build/src/local/life/port.js


const WHY = {
    EADDRINUSE: 'another program, maybe another local region, listens there',
    EACCES: 'this user may not listen there',
};
/** Why nothing can listen at a port, and what mends it. */
function portError(port, error) {
    const { code = '' } = error;
    const why = WHY[code] === undefined ? messageOf(error) : `${WHY[code]} (${code})`;
    return new UserError(`Port ${port} of 127.0.0.1 cannot be had: ${why}. Give another one with --port; 0 picks a free one.`, { cause: error });
}
/** Sees to it that a port can be had before anything else is touched. Throws UserError. */
async function checkPort(port) {
    if (port === 0)
        return;
    const server = (0,external_node_net_namespaceObject.createServer)();
    try {
        await new Promise((done, failed) => {
            server.once('error', failed);
            server.listen(port, '127.0.0.1', done);
        });
        await new Promise((closed) => server.close(closed));
    }
    catch (error) {
        throw portError(port, error);
    }
}

;// CONCATENATED MODULE: external "node:v8"
const external_node_v8_namespaceObject = require("node:v8");
;// CONCATENATED MODULE: ./build/src/local/logging/pattern.js

/** What RE2, which Google's services use, has and JavaScript's expressions have not, or read otherwise. */
const OTHERWISE = /\\[pPAzQECB](?!$)|\[\[:|\(\?(?!:)/;
/** The letter in both cases. */
const either = (letter) => letter.toLowerCase() === letter.toUpperCase() ? letter : `${letter.toLowerCase()}${letter.toUpperCase()}`;
function swapped(letter) {
    const lower = letter.toLowerCase();
    return letter === lower ? letter.toUpperCase() : lower;
}
/** Takes an expression apart: what is escaped, whole classes, and letters. */
const PARTS = /\\.|\[\^?(?:\\.|[^\\\]])*\]|[\s\S]/g;
/** A class with the other case of all that it holds. */
function classOfBoth(text) {
    const body = text.slice(1, -1).replace(/-$/, '\\-');
    const other = body.replace(/^\^/, '').replace(/\\.|[a-z]/gis, (part) => (part.length > 1 ? part : swapped(part)));
    return `[${body}${other}]`;
}
/** The expression that takes letters of either case: the engine that needs no backtracking has no flag for it. */
function ofBothCases(source) {
    return source.replace(PARTS, (part) => {
        if (part.startsWith('\\'))
            return part;
        if (part.startsWith('['))
            return classOfBoth(part);
        return either(part).length > 1 ? `[${either(part)}]` : part;
    });
}
/**
 * A regular expression of RE2's common part, with `(?i)` at its beginning or without, that is never slow: one that would need
 * backtracking without end is run by V8's own linear engine. Throws SyntaxError for one that is none, or that only the other
 * kind of engine could run.
 */
function linearPattern(text) {
    const [, flag, source = ''] = /^(\(\?i\))?(.*)$/s.exec(text) ?? [];
    if (OTHERWISE.test(source))
        throw new SyntaxError('it is not of the part of RE2 that is known here');
    const pattern = flag === undefined ? source : ofBothCases(source);
    // Both hold for the whole process, and for expressions that are made afterwards.
    (0,external_node_v8_namespaceObject.setFlagsFromString)('--enable-experimental-regexp-engine');
    (0,external_node_v8_namespaceObject.setFlagsFromString)('--enable-experimental-regexp-engine-on-excessive-backtracks');
    // Made to be refused where it cannot be run in linear time; the other starts faster, and falls back on its engine.
    new RegExp(pattern, 'ls');
    return new RegExp(pattern, 's');
}

;// CONCATENATED MODULE: ./build/src/local/logging/filter.js






/** google.logging.v2.LogEntry's fields. https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry */
const filter_FIELDS = new Set([
    'apphub',
    'errorGroups',
    'httpRequest',
    'insertId',
    'jsonPayload',
    'labels',
    'logName',
    'metadata',
    'operation',
    'protoPayload',
    'receiveTimestamp',
    'resource',
    'severity',
    'sourceLocation',
    'spanId',
    'split',
    'textPayload',
    'timestamp',
    'trace',
    'traceSampled',
]);
const filter_TIMES = new Set(['timestamp', 'receiveTimestamp']);
const filter_refused = (problem) => new ApiError('INVALID_ARGUMENT', `Unparseable filter: ${problem}`);
/** The words of the service, which counts lines and columns from 1, and what the matter is. */
function syntaxError(text, { at, token, message }) {
    const lines = text.slice(0, at).split('\n');
    const column = (lines.at(-1) ?? '').length + 1;
    return filter_refused(`syntax error at line ${lines.length}, column ${column}, token '${token}': ${message}`);
}
function filter_readFilter(text) {
    try {
        return parseFilter(text, 'logging');
    }
    catch (error) {
        throw error instanceof FilterError ? syntaxError(text, error) : error;
    }
}
const isPattern = ({ comparator }) => comparator === '=~' || comparator === '!~';
function filter_problemOf(comparison) {
    const { path, comparator, value } = comparison;
    const [first = ''] = path;
    if (!filter_FIELDS.has(camelCase(first)))
        return `a log entry has no field ${first}`;
    const field = wholeField(comparison);
    if (filter_TIMES.has(field)) {
        if (isPattern(comparison) || comparator === ':')
            return `${first} cannot be compared with ${comparator}`;
        return nanosOf(value) === undefined ? `${JSON.stringify(value)} is no time` : undefined;
    }
    if (field !== 'severity' || isPattern(comparison) || value === '*')
        return undefined;
    return Number.isNaN(severityRank(value)) ? `${JSON.stringify(value)} is no severity` : undefined;
}
function patternOf({ value }) {
    try {
        return linearPattern(value);
    }
    catch (error) {
        if (error instanceof SyntaxError)
            throw filter_refused(`${JSON.stringify(value)} is no valid pattern: ${error.message}`);
        throw error;
    }
}
/** The times that a comparison, which every match must meet, leaves. */
function bounds(comparison) {
    const nanos = wholeField(comparison) === 'timestamp' ? nanosOf(comparison.value) : undefined;
    if (nanos === undefined)
        return {};
    const { comparator } = comparison;
    const isSince = ['=', '>', '>='].includes(comparator);
    const isUntil = ['=', '<', '<='].includes(comparator);
    return { ...(isSince ? { since: nanos } : {}), ...(isUntil ? { until: nanos } : {}) };
}
function jobOf(musts) {
    return musts.find(({ path, comparator }) => comparator === '=' && path.join('.') === 'resource.labels.job_id')?.value;
}
/**
 * The test that an entries.list request's `filter` describes, in Cloud Logging's query language but for its functions. Throws
 * INVALID_ARGUMENT that tells where it cannot be read, or what of it is not known.
 */
function logFilter(text) {
    const filter = filter_readFilter(text);
    const all = comparisons(filter);
    const problem = all.map(filter_problemOf).find((found) => found !== undefined);
    if (problem !== undefined)
        throw filter_refused(problem);
    const patterns = new Map(all.filter(isPattern).map((each) => [each, patternOf(each)]));
    const musts = required(filter);
    const times = musts.map(bounds);
    const sinces = times.flatMap(({ since }) => (since === undefined ? [] : [since]));
    const untils = times.flatMap(({ until }) => (until === undefined ? [] : [until]));
    return {
        matches: (entry) => passes(filter, (comparison) => holds(entry, comparison, patterns.get(comparison)), (word) => contains(entry, word)),
        jobId: jobOf(musts),
        since: sinces.reduce((most, each) => (most === undefined || each > most ? each : most), undefined),
        until: untils.reduce((least, each) => (least === undefined || each < least ? each : least), undefined),
    };
}

;// CONCATENATED MODULE: ./build/src/local/logging/in-order.js

async function in_order_textOf(file, { start, end }) {
    const bytes = Buffer.alloc(end - start);
    let read = 0;
    while (read < bytes.length) {
        const { bytesRead } = await file.read(bytes, read, bytes.length - read, start + read);
        if (bytesRead === 0)
            break;
        read += bytesRead;
    }
    return bytes.toString('utf8', 0, read);
}
async function entriesIn(file, block, wanted) {
    const found = [];
    for (const line of (await in_order_textOf(file, block)).split('\n')) {
        if (line === '')
            continue;
        const { origin: _origin, ...entry } = JSON.parse(line);
        if (!wanted(entry))
            continue;
        found.push({ ...positionOfEntry(entry), entry });
    }
    return found;
}
/**
 * The entries of some blocks by their times, earliest or latest first. Entries may have come in any order: a block is opened
 * once no entry of it can be left out any longer, so that memory holds those alone whose times overlap.
 */
async function* in_order_inOrder(file, blocks, { descending, wanted }) {
    const sign = descending ? -1 : 1;
    const order = (left, right) => sign * compare(left, right);
    const edge = ({ least, most }) => (descending ? most : least);
    const queue = blocks.toSorted((left, right) => order(edge(left), edge(right)));
    let waiting = [];
    for (const [index, block] of queue.entries()) {
        waiting.push(...(await entriesIn(file, block, wanted)));
        waiting.sort(order);
        const next = queue[index + 1];
        const held = next === undefined ? -1 : waiting.findIndex((each) => order(each, edge(next)) >= 0);
        const ready = held === -1 ? waiting.length : held;
        yield* waiting.slice(0, ready);
        waiting = waiting.slice(ready);
    }
}

;// CONCATENATED MODULE: ./build/src/local/logging/store.js










const originText = ({ container, stream }) => `${container}/${stream}`;
/** JSON without the two characters that it may hold unescaped and that a reader of lines takes for line ends. */
function oneLine(entry) {
    return JSON.stringify(entry)
        .replace(/\u2028/g, '\\u2028')
        .replace(/\u2029/g, '\\u2029');
}
/** Cloud Logging shows no entry that is further ahead of its arrival, nor one that is older than it keeps any. */
const MOST_AHEAD_MS = 24 * 3600 * 1000;
const MOST_BEHIND_MS = 30 * 24 * 3600 * 1000;
const APPEND = external_node_fs_namespaceObject.constants.O_WRONLY | external_node_fs_namespaceObject.constants.O_CREAT | external_node_fs_namespaceObject.constants.O_APPEND;
/**
 * All log entries, in one file that only grows: a line for each entry, in the order in which they came. Memory holds no entries,
 * only where in the file which may be found. Lists are in the order of the entries' times: a program that gives a time for
 * its line (see `lineContent`) makes an entry that comes late, behind others that it belongs before.
 */
class LogStore {
    #clock;
    #path;
    #file;
    #index;
    #earlier;
    #count = 0;
    #lastMs = 0;
    #closed = false;
    #onLost;
    #isLosing = false;
    /**
     * With `earlier` the file is gone on with, and what it holds is not written a second time. `onLost` hears why lines cannot be
     * written (a full disk), once until some can be: a job goes on without them.
     */
    constructor(path, clock, earlier, onLost = () => { }) {
        this.#onLost = onLost;
        this.#path = path;
        this.#clock = clock;
        this.#file = (0,external_node_fs_namespaceObject.openSync)(path, earlier === undefined ? APPEND | external_node_fs_namespaceObject.constants.O_TRUNC : APPEND, 0o600);
        this.#earlier = earlier;
        this.#index = earlier?.index ?? new LogIndex();
        this.#count = earlier?.count ?? 0;
        this.#lastMs = earlier?.lastMs ?? 0;
    }
    /**
     * Lines of a container are written with their origin, and as they come: whoever reads on after a restart knows how many
     * there are.
     */
    append(source, given, origin) {
        const isNew = (content) => this.#earlier?.holds(source, content) !== true;
        const contents = origin === undefined ? given.filter(isNew) : given;
        if (this.#closed || contents.length === 0)
            return;
        this.#lastMs = Math.max(this.#lastMs, this.#clock.now());
        const mark = origin === undefined ? {} : { origin: originText(origin) };
        const entries = contents.map((content) => ({ ...this.#entry(source, content), ...mark }));
        const lines = entries.map((entry) => Buffer.from(`${oneLine(entry)}\n`));
        if (!this.#write(Buffer.concat(lines)))
            return;
        for (const [index, entry] of entries.entries()) {
            this.#index.add(source.jobId, positionOfEntry(entry), lines[index]?.length ?? 0);
        }
    }
    #write(bytes) {
        try {
            writeWhole(this.#file, bytes);
            this.#isLosing = false;
            return true;
        }
        catch (error) {
            if (!this.#isLosing)
                this.#onLost(error);
            this.#isLosing = true;
            return false;
        }
    }
    /** How many lines of a container an earlier process of the service has told. */
    toldOf(container) {
        const told = (stream) => this.#earlier?.told.get(originText({ container, stream })) ?? 0;
        return { stdout: told('stdout'), stderr: told('stderr') };
    }
    /** The platform's own line about a job. */
    service(source, text, severity = 'INFO') {
        this.append({ ...source, task: 'service' }, [{ severity, textPayload: text }]);
    }
    /** The time that a program gives for its line, where it is near enough to that of its arrival. */
    #timeOf({ timestamp }) {
        const arrival = timestampOf(this.#lastMs);
        if (timestamp === undefined)
            return arrival;
        const aheadMs = Date.parse(timestamp) - this.#lastMs;
        return aheadMs <= MOST_AHEAD_MS && aheadMs >= -MOST_BEHIND_MS ? timestamp : arrival;
    }
    #entry({ place, jobId, task, labels }, content) {
        this.#count += 1;
        const { timestamp: _given, ...payload } = content;
        return {
            // Ids of one length in rising order, so that entries of one time keep their order.
            insertId: this.#count.toString(36).padStart(10, '0'),
            logName: `projects/${place.project}/logs/ml.googleapis.com%2F${jobId}`,
            resource: { type: 'ml_job', labels: { job_id: jobId, task_name: task, project_id: place.project } },
            timestamp: this.#timeOf(content),
            receiveTimestamp: timestampOf(this.#lastMs),
            ...(labels === undefined ? {} : { labels }),
            ...payload,
        };
    }
    /** One page of the entries that a query asks for. */
    async list({ projects, filter, descending, pageSize, pageToken: token }) {
        const { matches, jobId, since, until } = logFilter(filter);
        const request = [projects, filter, descending];
        const position = readPosition(positionOf(token, request));
        const [after, before] = descending ? [undefined, position] : [position, undefined];
        const blocks = this.#index.blocks({ jobId, since, until, after, before });
        if (blocks.length === 0)
            return { entries: [] };
        const wanted = (entry) => {
            const project = entry.resource?.labels?.['project_id'];
            return matches(entry) && project !== undefined && projects.includes(projectNumber(project));
        };
        const sign = descending ? -1 : 1;
        const page = [];
        const file = await (0,promises_namespaceObject.open)(this.#path);
        try {
            for await (const found of in_order_inOrder(file, blocks, { descending, wanted })) {
                if (position !== undefined && sign * compare(found, position) <= 0)
                    continue;
                const last = page.at(-1);
                if (page.length === pageSize && last !== undefined) {
                    return { entries: page.map(({ entry }) => entry), nextPageToken: pageToken(positionText(last), request) };
                }
                page.push(found);
            }
        }
        finally {
            await file.close();
        }
        return { entries: page.map(({ entry }) => entry) };
    }
    close() {
        if (this.#closed)
            return;
        this.#closed = true;
        (0,external_node_fs_namespaceObject.closeSync)(this.#file);
    }
}

;// CONCATENATED MODULE: ./build/src/local/models/versions.js

/** The alias of the version that is meant where none is named. */
const DEFAULT_ALIAS = 'default';
const NONE = new Set();
function withAliasesOf(model, { added, removed }) {
    const { versionAliases = [], ...rest } = model;
    const left = [...new Set([...versionAliases.filter((alias) => !removed.has(alias)), ...added])];
    return left.length > 0 ? { ...rest, versionAliases: left } : rest;
}
/**
 * The model with one version more, numbered from 1, or a new model. An alias that the version asks for leaves the one
 * that had it; the first version is the default until another takes that alias.
 */
function withVersion(record, name, model, time) {
    const { versionAliases: wanted = [], ...fields } = model;
    const added = new Set(record === undefined ? [DEFAULT_ALIAS, ...wanted] : wanted);
    const lastVersion = (record?.lastVersion ?? 0) + 1;
    const version = {
        ...fields,
        name,
        versionId: String(lastVersion),
        ...(added.size > 0 ? { versionAliases: [...added] } : {}),
        createTime: record?.versions[0]?.createTime ?? time,
        updateTime: time,
        versionCreateTime: time,
        versionUpdateTime: time,
    };
    const earlier = (record?.versions ?? []).map((other) => withAliasesOf(other, { added: NONE, removed: added }));
    return { name, lastVersion, versions: [...earlier, version] };
}
/** The version that `reference` (its number or an alias) means. */
function versions_versionOf({ versions }, reference) {
    return versions.find(({ versionId, versionAliases }) => versionId === reference || versionAliases?.includes(reference) === true);
}
/**
 * The model with its version of that number given aliases, which leave the versions that had them, and rid of others.
 * One that is both given and taken stays as it was. Throws where no version would be the default.
 */
function withAliases(record, versionId, change, time) {
    const added = new Set([...change.added].filter((alias) => !change.removed.has(alias)));
    const removed = new Set([...change.removed].filter((alias) => !change.added.has(alias)));
    const versions = record.versions.map((model) => model.versionId === versionId
        ? { ...withAliasesOf(model, { added, removed }), versionUpdateTime: time, updateTime: time }
        : withAliasesOf(model, { added: NONE, removed: added }));
    const changed = { ...record, versions };
    if (versions_versionOf(changed, DEFAULT_ALIAS) !== undefined)
        return changed;
    throw new ApiError('INVALID_ARGUMENT', `The alias \`${DEFAULT_ALIAS}\` cannot be removed from version ${versionId}: a model has exactly one default version. Give the alias to another version.`);
}
/** The model without the version of that number. Throws where it is the only one (the proto's comment) or the default. */
function withoutVersion(record, versionId) {
    const name = `${record.name}@${versionId}`;
    const versions = record.versions.filter((model) => model.versionId !== versionId);
    if (versions.length === 0) {
        throw new ApiError('FAILED_PRECONDITION', `${name} is the only version of its model: delete the model instead.`);
    }
    const changed = { ...record, versions };
    if (versions_versionOf(changed, DEFAULT_ALIAS) !== undefined)
        return changed;
    const message = `${name} is the default version of its model: give the alias \`${DEFAULT_ALIAS}\` to another one first.`;
    throw new ApiError('FAILED_PRECONDITION', message);
}

;// CONCATENATED MODULE: ./build/src/local/models/store.js


/** The model registry: all models with their versions. */
class ModelStore {
    /** By name. */
    #models = new Map();
    #journal;
    constructor(journal) {
        this.#journal = journal;
    }
    /** Takes up a model that an earlier process of the service kept. */
    restore(record) {
        this.#models.set(record.name, record);
    }
    has(name) {
        return this.#models.has(name);
    }
    /** Makes a model, or the next version of one that exists, at an RFC 3339 time. */
    add(name, model, time) {
        const record = this.#put(withVersion(this.#models.get(name), name, model, time));
        return this.#version(record, String(record.lastVersion));
    }
    /** The version that `reference` (its number or an alias) means. Throws NOT_FOUND. */
    get(name, reference = DEFAULT_ALIAS) {
        const record = this.#models.get(name);
        if (record !== undefined)
            return this.#version(record, reference);
        throw new ApiError('NOT_FOUND', `The Model does not exist: ${named(name, reference)}`);
    }
    /** Every version of a model, in the order of their making. Throws NOT_FOUND. */
    versions(name) {
        return this.#record(name).versions;
    }
    /** The default versions of all models whose names begin with `prefix`, in the order of the models' making. */
    defaults(prefix) {
        const records = [...this.#models.values()].filter(({ name }) => name.startsWith(prefix));
        return records.map((record) => this.#version(record, DEFAULT_ALIAS));
    }
    /** The version that a training pipeline of that full name uploaded, if it has. */
    madeBy(pipeline) {
        const all = [...this.#models.values()].flatMap(({ versions }) => versions);
        return all.find(({ trainingPipeline }) => trainingPipeline === pipeline);
    }
    /** Changes the aliases of a version at an RFC 3339 time, and gives it as it is then. Throws NOT_FOUND and INVALID_ARGUMENT. */
    changeAliases(name, reference, change, time) {
        const { versionId = '' } = this.get(name, reference);
        return this.#version(this.#put(withAliases(this.#record(name), versionId, change, time)), versionId);
    }
    /** Deletes a version. Throws NOT_FOUND and FAILED_PRECONDITION. */
    deleteVersion(name, reference) {
        const { versionId = '' } = this.get(name, reference);
        this.#put(withoutVersion(this.#record(name), versionId));
    }
    /** Deletes a model with all its versions. Throws NOT_FOUND. */
    delete(name) {
        this.#models.delete(this.#record(name).name);
        this.#journal?.modelDeleted(name);
    }
    #record(name) {
        const record = this.#models.get(name);
        if (record === undefined)
            throw new ApiError('NOT_FOUND', `The Model does not exist: ${name}`);
        return record;
    }
    #version(record, reference) {
        const found = versions_versionOf(record, reference);
        if (found === undefined) {
            throw new ApiError('NOT_FOUND', `The Model does not exist: ${named(record.name, reference)}`);
        }
        return found;
    }
    #put(record) {
        this.#models.set(record.name, record);
        this.#journal?.modelChanged(record);
        return record;
    }
}
function named(name, reference) {
    return reference === DEFAULT_ALIAS ? name : `${name}@${reference}`;
}

;// CONCATENATED MODULE: ./build/src/local/models/target.js




/**
 * The full name of the model that an upload or a pipeline asks for, or undefined when the service picks its id.
 * `parentModel` comes before `modelId`. Throws where the parent is in another place (a model is always where its pipeline
 * is) or does not exist, and where the id is taken; of a pipeline the service is not known to look for either before the
 * training has been paid, this one does.
 */
function modelTarget(place, { modelId, parentModel }, models) {
    const parts = modelNameParts(parentModel ?? '');
    if (parts === undefined)
        return newName(place, modelId, models);
    const name = `projects/${projectNumber(parts.project)}/locations/${parts.location}/models/${parts.id}`;
    if (name !== `${parentName(place)}/models/${parts.id}`) {
        refuse([{ field: 'parent_model', message: `The parent model must be in ${parentName(place)}.` }]);
    }
    if (!models.has(name))
        throw new ApiError('NOT_FOUND', `The Model does not exist: ${name}`);
    return name;
}
function newName(place, modelId, models) {
    if (modelId === undefined)
        return undefined;
    const name = `${parentName(place)}/models/${modelId}`;
    if (models.has(name)) {
        throw new ApiError('ALREADY_EXISTS', `The Model already exists: ${name}. A new version of it names it as parent_model.`);
    }
    return name;
}

;// CONCATENATED MODULE: ./build/src/local/models/registry.js




/** The model registry, to which callers and training pipelines upload alike. */
class Registry {
    store;
    #clock;
    #newId;
    constructor(clock, newId, journal) {
        this.store = new ModelStore(journal);
        this.#clock = clock;
        this.#newId = newId;
    }
    /** Throws where an upload asks for a model that cannot be had. */
    check(place, asked) {
        modelTarget(place, asked, this.store);
    }
    /** The full name of the model that an upload asks for; of an id that the service picks, another each time. Throws as `check` does. */
    nameOf(place, asked) {
        return modelTarget(place, asked, this.store) ?? `${parentName(place)}/models/${this.#newId()}`;
    }
    /** Makes a model or a new version of one, and gives that version. Throws as `check` does. */
    upload(place, asked, model) {
        return this.store.add(this.nameOf(place, asked), model, this.time());
    }
    /** The service's time now, RFC 3339. */
    time() {
        return timestampOf(this.#clock.now());
    }
}

;// CONCATENATED MODULE: ./build/src/local/models/uploads.js


/**
 * Uploads by `models:upload`. The answer tells of every one that it is under way, also where it has been done by then, so
 * that clients learn to look again: the service takes a while for one.
 */
class Uploads {
    #options;
    #closing = new AbortController();
    constructor(options) {
        this.#options = options;
    }
    /** Begins an upload. Throws where it asks for a model that cannot be had. */
    begin(place, request) {
        const { registry, operations, clock, course } = this.#options;
        const name = registry.nameOf(place, request);
        const operation = operations.begin(name, 'UploadModelOperationMetadata');
        const { takeMs = 0, error } = course();
        const end = () => this.#end(operation, { place, request, name, error });
        if (takeMs === 0)
            end();
        // One that the service's end cuts off has made nothing.
        else
            clock.sleep(takeMs, this.#closing.signal).then(end, () => { });
        return operation;
    }
    /** Gives up what is under way. */
    close() {
        this.#closing.abort();
    }
    #end(operation, upload) {
        const { operations } = this.#options;
        if (operations.isDone(operation))
            return;
        if (upload.error !== undefined) {
            operations.end(operation, { error: upload.error });
            return;
        }
        try {
            operations.end(operation, { response: this.#made(upload) });
        }
        catch (error) {
            if (!(error instanceof ApiError))
                throw error;
            operations.end(operation, { error: { code: RPC_CODES[error.rpc].number, message: error.message } });
        }
    }
    /** Meanwhile the parent may have been deleted, or the id taken. */
    #made({ place, request, name }) {
        const { model, parentModel } = request;
        const modelId = name.split('/').at(-1) ?? '';
        const asked = parentModel === undefined ? { modelId } : { parentModel };
        const { versionId: modelVersionId } = this.#options.registry.upload(place, asked, model);
        return { '@type': typeUrl('UploadModelResponse'), model: name, modelVersionId };
    }
}

;// CONCATENATED MODULE: ./build/src/local/scheduling/room.js

/**
 * A machine's room, given to jobs in the order in which they ask: one that needs little waits for those before it, so that
 * one that needs much comes to its turn. A job that needs more than the machine has runs alone.
 */
class Room {
    total;
    #inside = new Set();
    #waiting = new Set();
    constructor(total) {
        this.total = total;
    }
    /**
     * Gives, once there is room, the function that leaves it again; undefined where the signal aborts before. `onWait` is
     * called where there is none yet.
     */
    async enter(need, signal, onWait) {
        if (signal.aborted)
            return undefined;
        const { promise, resolve } = Promise.withResolvers();
        const guest = { need, admitted: resolve };
        this.#waiting.add(guest);
        this.#admit();
        const leave = () => {
            this.#inside.delete(guest);
            this.#waiting.delete(guest);
            this.#admit();
        };
        if (this.#inside.has(guest))
            return leave;
        onWait();
        signal.addEventListener('abort', resolve, { once: true });
        await promise;
        signal.removeEventListener('abort', resolve);
        if (this.#inside.has(guest) && !signal.aborted)
            return leave;
        leave();
        return undefined;
    }
    /**
     * Takes room at once, whether there is any or not, and gives the function that leaves it: for a job that runs already.
     * Those that wait go on waiting until what is inside fits again.
     */
    hold(need) {
        const guest = { need, admitted: () => { } };
        this.#inside.add(guest);
        return () => {
            this.#inside.delete(guest);
            this.#admit();
        };
    }
    #fits(need) {
        return (this.#inside.size === 0 || resources_isWithin(sumOf([...this.#inside].map((guest) => guest.need).concat(need)), this.total));
    }
    /** Lets in those who are next, as far as there is room. */
    #admit() {
        for (const guest of this.#waiting) {
            if (!this.#fits(guest.need))
                return;
            this.#waiting.delete(guest);
            this.#inside.add(guest);
            guest.admitted();
        }
    }
}

;// CONCATENATED MODULE: ./build/src/local/scheduling/scheduler.js




/**
 * Runs as many jobs at a time as the machine has CPUs and memory for, counted as the catalog's machine types have them. The
 * machine itself gives way: a job of a machine type larger than it runs alone. A quota that was set does not: a job that
 * exceeds it by itself is refused. Jobs that exceed it only together wait; the service is known to do both.
 */
class Scheduler {
    #options;
    #room;
    constructor(options) {
        this.#options = options;
    }
    /** Throws RESOURCE_EXHAUSTED for a job, or a trial, that will never fit into a quota that was set. */
    check(spec) {
        const { maxCpus = Number.POSITIVE_INFINITY, maxMemoryGiB = Number.POSITIVE_INFINITY } = this.#options;
        const { cpus, memoryGiB } = needOf(spec);
        const exceeded = [...(cpus > maxCpus ? [cpuMetric(spec)] : []), ...(memoryGiB > maxMemoryGiB ? [MEMORY] : [])];
        if (exceeded.length > 0)
            throw new ApiError('RESOURCE_EXHAUSTED', quotaText(exceeded));
    }
    /** As `Room.enter` does it. A job that needs nothing waits for nothing. Where the machine cannot be asked there is always room: the job finds out by itself. */
    async enter(spec, signal, listener) {
        const need = needOf(spec);
        if (need.cpus === 0)
            return () => { };
        const room = await this.#open();
        const fit = { need, total: room.total };
        const leave = await room.enter(need, signal, () => listener.onWait(fit));
        if (leave !== undefined && !resources_isWithin(need, room.total))
            listener.onAlone(fit);
        return leave;
    }
    /**
     * Takes room for a job whose containers run already, since an earlier process of the service started them, and gives
     * the function that leaves it again. It never waits and is never refused, also where it does not fit any more because
     * the quota is lower now. Those that are adopted before the first job asks to enter are inside before it.
     */
    adopt(spec) {
        const need = needOf(spec);
        if (need.cpus === 0)
            return () => { };
        const held = this.#open().then((room) => room.hold(need));
        return () => void held.then((leave) => leave());
    }
    /** The machine's room; where the machine could not be asked, one without end, and it is asked again the next time. */
    #open() {
        this.#room ??= this.#measured().catch(() => {
            this.#room = undefined;
            return new Room({ cpus: Number.POSITIVE_INFINITY, memoryGiB: Number.POSITIVE_INFINITY });
        });
        return this.#room;
    }
    async #measured() {
        const { machine, maxCpus, maxMemoryGiB } = this.#options;
        if (maxCpus !== undefined && maxMemoryGiB !== undefined) {
            return new Room({ cpus: maxCpus, memoryGiB: maxMemoryGiB });
        }
        const { cpus, memoryGiB } = await machine();
        return new Room({ cpus: maxCpus ?? cpus, memoryGiB: maxMemoryGiB ?? memoryGiB });
    }
}

;// CONCATENATED MODULE: ./build/src/local/storage/tree.js




const tree_FOLDER = external_node_fs_namespaceObject.constants.O_RDONLY | (external_node_fs_namespaceObject.constants.O_DIRECTORY ?? 0) | (external_node_fs_namespaceObject.constants.O_NOFOLLOW ?? 0);
async function held(path) {
    const handle = await (0,promises_namespaceObject.open)(path, tree_FOLDER);
    return { handle, path: process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path };
}
/** Makes a folder that every user may write to; false where something of that name is there already. */
async function tree_made(path) {
    try {
        await (0,promises_namespaceObject.mkdir)(path);
        return true;
    }
    catch (error) {
        if (isRecord(error) && error['code'] === 'EEXIST')
            return false;
        throw error;
    }
}
async function step(from, name, make) {
    const path = (0,external_node_path_namespaceObject.join)(from.path, name);
    const isNew = make && (await tree_made(path));
    const next = await held(path);
    if (isNew)
        await next.handle.chmod(0o777);
    return next;
}
/** Calls `body` with the folder that is so many steps below `root`; no step of them is a link. Throws what the system says. */
async function within(root, parts, make, body) {
    let folder = await held(root);
    try {
        for (const part of parts) {
            const next = await step(folder, part, make);
            await folder.handle.close();
            folder = next;
        }
        return await body(folder.path);
    }
    finally {
        await folder.handle.close();
    }
}
/**
 * Puts the file at `source` in the place of that path below `root`, folders made where they are missing, and gives its
 * facts there. Throws what the system says.
 */
function place(source, root, parts) {
    return within(root, parts.slice(0, -1), true, async (folder) => {
        const target = (0,external_node_path_namespaceObject.join)(folder, parts.at(-1) ?? '');
        await (0,promises_namespaceObject.rename)(source, target);
        return (0,promises_namespaceObject.lstat)(target, { bigint: true });
    });
}
/** Removes the file at that path below `root`. Throws what the system says. */
function remove(root, parts) {
    return within(root, parts.slice(0, -1), false, (folder) => (0,promises_namespaceObject.unlink)((0,external_node_path_namespaceObject.join)(folder, parts.at(-1) ?? '')));
}
/**
 * Makes the folders of that path below `root` that are not there, each of them one that every user may write to. Throws
 * what the system says, also where a step is a link.
 */
function makeFolder(root, ...parts) {
    return within(root, parts, true, async () => { });
}

;// CONCATENATED MODULE: ./build/src/local/storage/folders.js





/** A metric file holds a hundred short lines; of a longer one only the end is read, again and again. */
const folders_MOST_BYTES = 256 * 1024;
/**
 * The service's folders on this machine. The data folder itself is closed to others; those that containers see are open,
 * since an image may run as any user.
 */
class Folders {
    #root;
    constructor(root) {
        this.#root = root;
    }
    get logFile() {
        return (0,external_node_path_namespaceObject.join)(this.#root, 'entries.ndjson');
    }
    /** The folder that containers see as /gcs; it may not be there yet. */
    get gcs() {
        return (0,external_node_path_namespaceObject.join)(this.#root, 'gcs');
    }
    /** The folder for uploads under way and for what is known of objects beside their content; it may not be there yet. */
    get uploads() {
        return (0,external_node_path_namespaceObject.join)(this.#root, 'uploads');
    }
    /** Makes the folder that containers see as /gcs, with a folder for each bucket, and gives it. */
    async buckets(names) {
        await openFolder(this.gcs);
        for (const name of names.filter(isBucketName))
            await openFolder((0,external_node_path_namespaceObject.join)(this.gcs, name));
        return this.gcs;
    }
    /**
     * Makes the folder that a job names for its output, as the service does (the proto's comment on GcsDestination): a
     * program of any user may make its own folders in it. Left undone where a program put something else in its place.
     */
    async output(uri) {
        const bucket = bucketOf(uri);
        if (bucket === undefined)
            return;
        const parts = uri
            .slice(`gs://${bucket}`.length)
            .split('/')
            .filter((part) => part !== '');
        if (parts.some((part) => part === '.' || part === '..'))
            return;
        await makeFolder(await this.buckets([bucket]), bucket, ...parts).catch(() => { });
    }
    /** A replica's own folder for its metric file. */
    async metrics(jobId, replica) {
        const folder = this.#metricFolder(jobId, replica);
        await (0,promises_namespaceObject.mkdir)((0,external_node_path_namespaceObject.join)(this.#root, 'jobs', jobId), { recursive: true });
        await openFolder(folder);
        return folder;
    }
    #metricFolder(jobId, replica) {
        return (0,external_node_path_namespaceObject.join)(this.#root, 'jobs', jobId, `hypertune-${replica}`);
    }
    /** The text of a replica's metric file; empty while there is none. */
    async metricText(jobId, replica) {
        return readRegularFile((0,external_node_path_namespaceObject.join)(this.#metricFolder(jobId, replica), 'output.metrics'));
    }
}
/**
 * Makes a folder that every user may write to. One that exists is left as it is: a container may have put a link there,
 * and the rights of what it points to are not ours to change.
 */
async function openFolder(path) {
    const made = await (0,promises_namespaceObject.mkdir)(path, { recursive: true });
    if (made === undefined)
        return;
    const folder = await (0,promises_namespaceObject.open)(path, external_node_fs_namespaceObject.constants.O_RDONLY | (external_node_fs_namespaceObject.constants.O_DIRECTORY ?? 0) | (external_node_fs_namespaceObject.constants.O_NOFOLLOW ?? 0));
    try {
        await folder.chmod(0o777);
    }
    finally {
        await folder.close();
    }
}
/** Reads what a container may have put there: no link is followed, no pipe waited on. */
async function readRegularFile(path) {
    const flags = external_node_fs_namespaceObject.constants.O_RDONLY | (external_node_fs_namespaceObject.constants.O_NOFOLLOW ?? 0) | (external_node_fs_namespaceObject.constants.O_NONBLOCK ?? 0);
    const file = await (0,promises_namespaceObject.open)(path, flags).catch(() => undefined);
    if (file === undefined)
        return '';
    try {
        const found = await file.stat();
        if (!found.isFile())
            return '';
        const buffer = Buffer.alloc(Math.min(found.size, folders_MOST_BYTES));
        // The end of one that is longer: cloudml-hypertune keeps its file short, a program that appends has its latest there.
        const { bytesRead } = await file.read(buffer, 0, buffer.length, found.size - buffer.length);
        return buffer.toString('utf8', 0, bytesRead);
    }
    catch {
        return '';
    }
    finally {
        await file.close();
    }
}

;// CONCATENATED MODULE: ./build/src/local/storage/crc32c.js
/** The Castagnoli polynomial (RFC 3720, B.4), its bits turned round. */
const POLYNOMIAL = 0x82f63b78;
const TABLE = Int32Array.from({ length: 256 }, (_unused, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit += 1)
        rest = rest & 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1;
    return rest;
});
/**
 * CRC-32C of a stream, chunk by chunk. The clients of this service have one of their own: a fault that both share would be
 * found by neither.
 */
class Crc32c {
    #state = -1;
    update(chunk) {
        const table = TABLE;
        let state = this.#state;
        // Counted, which is several times as fast as taking one byte after the other; every index is within its bounds.
        for (let index = 0; index < chunk.length; index += 1) {
            state = (state >>> 8) ^ table[(state ^ chunk[index]) & 0xff];
        }
        this.#state = state;
    }
    /** Base64 of the four bytes, the highest first, as Cloud Storage tells it. */
    digest() {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(~this.#state >>> 0);
        return bytes.toString('base64');
    }
}

;// CONCATENATED MODULE: ./build/src/local/storage/checksums.js


/** Most files whose checksums are remembered; the one not asked for longest is forgotten first. */
const MOST_KNOWN = 100_000;
/** How coarse the times of a file system may be: a file younger than this may change and keep its times. */
const COARSEST_MS = 2_000;
const checksums_versionOf = ({ size, changedNs, writtenNs }) => `${size} ${changedNs} ${writtenNs}`;
/** The checksums of the first `size` bytes of an open file. */
async function computed(file, size) {
    const md5 = (0,external_node_crypto_namespaceObject.createHash)('md5');
    const crc = new Crc32c();
    if (size > 0) {
        const stream = file.createReadStream({ start: 0, end: size - 1, autoClose: false, highWaterMark: 1024 * 1024 });
        for await (const chunk of stream) {
            md5.update(chunk);
            crc.update(chunk);
        }
    }
    return { crc32c: crc.digest(), md5Hash: md5.digest('base64') };
}
/** Checksums of files, computed once for each content: a file is known by its path, size and times. */
class ChecksumCache {
    #known = new Map();
    /** Those that are being computed, by path and version. */
    #coming = new Map();
    /** The checksums of a file, where they are known. */
    known(path, facts) {
        const known = this.#known.get(path);
        if (known?.version !== checksums_versionOf(facts))
            return undefined;
        this.#remember(path, known);
        return known;
    }
    /**
     * The checksums of an open file as far as `facts` tell its size. `now` is the system's time in milliseconds. While the
     * file is being written they are those of what could be read, which is no longer what the file holds.
     */
    async of(file, path, facts, now) {
        const known = this.known(path, facts);
        if (known !== undefined)
            return known;
        const version = checksums_versionOf(facts);
        const key = `${version} ${path}`;
        // Parts of one file are often asked for side by side. Whoever asks keeps the file open until the answer.
        const coming = this.#coming.get(key) ?? computed(file, facts.size).finally(() => this.#coming.delete(key));
        this.#coming.set(key, coming);
        const checksums = await coming;
        if (now - Number(facts.changedNs / 1000000n) > COARSEST_MS)
            this.#remember(path, { ...checksums, version });
        return checksums;
    }
    #remember(path, known) {
        this.#known.delete(path);
        this.#known.set(path, known);
        const [oldest] = this.#known.keys();
        if (this.#known.size > MOST_KNOWN && oldest !== undefined)
            this.#known.delete(oldest);
    }
}

;// CONCATENATED MODULE: ./build/src/local/storage/files.js





/** The parts of an object's name as a path below its bucket; undefined where no file can have that name. */
function files_partsOf(name) {
    const parts = name.split('/');
    const isPart = (part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0');
    const isPath = parts.every((part) => isPart(part) && (external_node_path_namespaceObject.sep === '/' || !part.includes(external_node_path_namespaceObject.sep)));
    return isPath && isName(name) ? parts : undefined;
}
/** Cloud Storage's rules for the names of objects. https://cloud.google.com/storage/docs/objects#naming */
function isName(name) {
    return name.isWellFormed() && !/[\r\n]/.test(name) && Buffer.byteLength(name) <= 1024;
}
function files_missing(error) {
    const code = isRecord(error) ? error['code'] : undefined;
    if (code === 'EACCES' || code === 'EPERM')
        return 'forbidden';
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ENXIO'].includes(String(code)))
        return 'absent';
    throw error;
}
const lstatOf = (path) => (0,promises_namespaceObject.lstat)(path, { bigint: true });
const factsOf = ({ size, mtimeNs, ctimeNs }) => ({
    size: Number(size),
    writtenNs: mtimeNs,
    changedNs: ctimeNs,
});
/**
 * The regular files below a folder that programs in containers write to. What is behind a link is none of them: a program
 * could put one there that leads to any file of this machine.
 */
class Files {
    #root;
    /** `root` holds a folder for each bucket; it need not exist yet. */
    constructor(root) {
        this.#root = root;
    }
    /** The names of a bucket's objects that begin with `prefix`, in no order. Folders that cannot be read hold none. */
    async names(bucket, prefix) {
        const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
        const parts = folder === '' ? [] : files_partsOf(folder.slice(0, -1));
        if (parts === undefined || !(await this.#isOwn([bucket, ...parts])))
            return [];
        const found = [];
        await collect((0,external_node_path_namespaceObject.join)(this.#root, bucket, ...parts), folder, prefix, found);
        return found;
    }
    /** The names of all buckets that have a folder, in no order. */
    async buckets() {
        const entries = await (0,promises_namespaceObject.readdir)(this.#root, { withFileTypes: true }).catch((error) => {
            files_missing(error);
            return [];
        });
        return entries.filter((entry) => entry.isDirectory() && isBucketName(entry.name)).map(({ name }) => name);
    }
    /** Of the file behind an object, without opening it. */
    async facts(bucket, name) {
        const path = await this.#pathOf(bucket, name);
        if (path === undefined)
            return 'absent';
        try {
            const found = await lstatOf(path);
            return found.isFile() ? factsOf(found) : 'absent';
        }
        catch (error) {
            return files_missing(error);
        }
    }
    /** Opens the file behind an object; whoever opens it closes it. */
    async open(bucket, name) {
        const path = await this.#pathOf(bucket, name);
        if (path === undefined)
            return 'absent';
        const flags = external_node_fs_namespaceObject.constants.O_RDONLY | (external_node_fs_namespaceObject.constants.O_NOFOLLOW ?? 0) | (external_node_fs_namespaceObject.constants.O_NONBLOCK ?? 0);
        let handle;
        try {
            handle = await (0,promises_namespaceObject.open)(path, flags);
        }
        catch (error) {
            return files_missing(error);
        }
        try {
            const found = await handle.stat({ bigint: true });
            // A link may have taken a folder's place since it was looked at: what is open must be what stands there.
            const there = (await this.#pathOf(bucket, name)) === path ? await lstatOf(path) : undefined;
            const isSame = there !== undefined && there.ino === found.ino && there.dev === found.dev;
            if (isSame && found.isFile())
                return { handle, path, facts: factsOf(found) };
        }
        catch (error) {
            files_missing(error);
        }
        await handle.close();
        return 'absent';
    }
    /** The path of an object's file; undefined where its folder is not below the bucket's. */
    async #pathOf(bucket, name) {
        const parts = files_partsOf(name);
        if (parts === undefined || !(await this.#isOwn([bucket, ...parts.slice(0, -1)])))
            return undefined;
        return (0,external_node_path_namespaceObject.join)(this.#root, bucket, ...parts);
    }
    /** Whether the way to a folder goes through folders alone. */
    async #isOwn(parts) {
        try {
            const root = await (0,promises_namespaceObject.realpath)(this.#root);
            return (await (0,promises_namespaceObject.realpath)((0,external_node_path_namespaceObject.join)(this.#root, ...parts))) === (0,external_node_path_namespaceObject.join)(root, ...parts);
        }
        catch (error) {
            return files_missing(error) === 'forbidden';
        }
    }
}
/** `path` is the folder whose objects' names begin with `folder`, which is empty or ends with a slash. */
async function collect(path, folder, prefix, found) {
    const entries = await (0,promises_namespaceObject.readdir)(path, { withFileTypes: true }).catch((error) => {
        files_missing(error);
        return [];
    });
    for (const entry of entries) {
        const name = folder + entry.name;
        if (entry.isFile() && name.startsWith(prefix) && isName(name))
            found.push(name);
        const within = `${name}/`;
        if (entry.isDirectory() && (within.startsWith(prefix) || prefix.startsWith(within))) {
            await collect((0,external_node_path_namespaceObject.join)(path, entry.name), within, prefix, found);
        }
    }
}

;// CONCATENATED MODULE: ./build/src/local/storage/objects.js



/** Of this, checksums take a second or two. */
const LARGE_BYTES = 256 * 1024 * 1024;
/** Why an object cannot be had. */
function objects_refusal({ bucket, name }, why) {
    if (why === 'absent')
        return noObject(bucket, name);
    const message = `The file of ${bucket}/${name} belongs to another user of this machine, and may not be read.`;
    return new StorageError(403, 'forbidden', message);
}
/** The objects of all buckets: the files below the folder that containers see as /gcs, as they are at each moment. */
class Objects {
    #files;
    #notes;
    #checksums = new ChecksumCache();
    /** `folder` holds a folder for each bucket; it need not exist yet. */
    constructor(folder, notes) {
        this.#files = new Files(folder);
        this.#notes = notes;
    }
    /** The names of a bucket's objects that begin with `prefix`, in no order. */
    names(bucket, prefix) {
        return this.#files.names(bucket, prefix);
    }
    /** The names of all buckets that have a folder, in no order. */
    buckets() {
        return this.#files.buckets();
    }
    /** Those of the named objects that are still there. */
    async found(bucket, names, withChecksums) {
        const found = [];
        for (const name of names) {
            const object = await this.#told({ bucket, name }, withChecksums);
            if (typeof object !== 'string')
                found.push(object);
        }
        return found;
    }
    /** The object of that name. Throws StorageError. */
    async get(where, withChecksums) {
        const object = await this.#told(where, withChecksums);
        if (typeof object === 'string')
            throw objects_refusal(where, object);
        return object;
    }
    /** The same without its checksums; undefined where there is none. */
    async current(where) {
        const object = await this.#told(where, false);
        return object === 'absent' ? undefined : this.get(where, false);
    }
    /** Opens the file of an object; whoever opens it closes it. Throws StorageError. */
    async open(where) {
        const file = await this.#files.open(where.bucket, where.name);
        if (typeof file === 'string')
            throw objects_refusal(where, file);
        return { ...file, note: this.#notes.of(where, file.facts) };
    }
    checksums({ handle, path, facts }) {
        return this.#checksums.of(handle, path, facts, Date.now());
    }
    /** The same, where whoever asks does not wait long for it: undefined for a large file that nobody has asked for. */
    async quickChecksums(file) {
        return file.facts.size > LARGE_BYTES ? this.#checksums.known(file.path, file.facts) : this.checksums(file);
    }
    async #told(where, withChecksums) {
        const { bucket, name } = where;
        const facts = await this.#files.facts(bucket, name);
        if (typeof facts === 'string')
            return facts;
        const checked = withChecksums ? await this.#checked(where) : undefined;
        return checked ?? { name, facts, note: this.#notes.of(where, facts), checksums: undefined };
    }
    async #checked(where) {
        const { bucket, name } = where;
        const file = await this.#files.open(bucket, name);
        if (typeof file === 'string')
            return undefined;
        try {
            const checksums = await this.checksums(file);
            return { name, facts: file.facts, note: this.#notes.of(where, file.facts), checksums };
        }
        finally {
            await file.handle.close();
        }
    }
}

;// CONCATENATED MODULE: ./build/src/local/storage/writer.js













/** How coarse the times of a file system are where something is changed by the kernel's own clock. */
const writer_COARSEST_MS = 20;
const codeOf = (error) => (isRecord(error) ? String(error['code']) : '');
/** What the system refuses, in words: a file of that kind cannot stand beside the others that are there. */
function refusedBySystem(error, { bucket, name }) {
    const code = codeOf(error);
    if (['ENOTDIR', 'ELOOP', 'EISDIR', 'ENOTEMPTY', 'EEXIST', 'ENAMETOOLONG'].includes(code)) {
        const message = `${bucket}/${name} cannot be kept: objects are files here, and another file or folder stands in its way.`;
        return new StorageError(409, 'conflict', message);
    }
    if (code === 'EACCES' || code === 'EPERM') {
        const message = `The folder of ${bucket}/${name} belongs to another user of this machine, and may not be written to.`;
        return new StorageError(403, 'forbidden', message);
    }
    return error;
}
function mustAgree(found, expected) {
    for (const [key, label] of [
        ['md5Hash', 'MD5 hash'],
        ['crc32c', 'CRC32C'],
    ]) {
        if (expected[key] === undefined || expected[key] === found[key])
            continue;
        const message = `Provided ${label} "${expected[key]}" doesn't match calculated ${label} "${found[key]}".`;
        throw new StorageError(400, 'invalid', message);
    }
}
async function checksumsOf(path) {
    const file = await (0,promises_namespaceObject.open)(path);
    try {
        return await computed(file, (await file.stat()).size);
    }
    finally {
        await file.close();
    }
}
/** Changes the objects: each becomes another whole, in one step. */
class Writer {
    #gcs;
    #uploads;
    #objects;
    #notes;
    #turn = Promise.resolve();
    #ready;
    /** `gcs` holds a folder for each bucket, `uploads` what is not yet whole, on the same disk; neither need be there yet. */
    constructor(gcs, uploads, objects, notes) {
        this.#gcs = gcs;
        this.#uploads = uploads;
        this.#objects = objects;
        this.#notes = notes;
    }
    /** A path for content that is not yet whole. */
    async newPath() {
        await this.#prepared();
        return (0,external_node_path_namespaceObject.join)(this.#uploads, `${(0,external_node_crypto_namespaceObject.randomBytes)(12).toString('hex')}.part`);
    }
    /** Puts content in an object's place, if its checksums and all conditions hold. Throws StorageError. */
    async put(written) {
        const { where, path, attributes, expected, query } = written;
        try {
            const parts = files_partsOf(where.name);
            if (parts === undefined) {
                throw new StorageError(400, 'invalid', `Objects are files here, and none can be named '${where.name}'.`);
            }
            const checksums = await checksumsOf(path);
            mustAgree(checksums, expected);
            await (0,promises_namespaceObject.chmod)(path, 0o666);
            return await this.#inTurn(async () => {
                const before = await this.#objects.current(where);
                mustBeReplaceable(query, before);
                const facts = await this.#placed(path, [where.bucket, ...parts], before);
                const note = { ...NO_NOTE, attributes };
                this.#notes.set(where, facts, note);
                return { name: where.name, facts, note, checksums };
            });
        }
        catch (error) {
            throw refusedBySystem(error, where);
        }
        finally {
            await (0,promises_namespaceObject.rm)(path, { force: true });
        }
    }
    /** Removes an object, if all conditions hold. Throws StorageError. */
    async remove(where, query) {
        await this.#inTurn(async () => {
            const before = await this.#objects.get(where, false);
            const generation = query.get('generation');
            if (generation !== null && generation !== generationOf(before.facts)) {
                throw new StorageError(404, 'notFound', `No such object: ${where.bucket}/${where.name}`);
            }
            mustBeReplaceable(query, before);
            await remove(this.#gcs, [where.bucket, ...(files_partsOf(where.name) ?? [])]).catch((error) => {
                throw refusedBySystem(error, where);
            });
            this.#notes.delete(where);
        });
    }
    /** Changes what is told of an object beside its content, if all conditions hold. Throws StorageError. */
    change(where, query, changed) {
        return this.#inTurn(async () => {
            const before = await this.#objects.get(where, true);
            mustBeReplaceable(query, before);
            const { attributes, metageneration } = before.note;
            const note = { attributes: changed(attributes), metageneration: metageneration + 1 };
            this.#notes.set(where, before.facts, note);
            return { ...before, note };
        });
    }
    /** Makes a bucket's folder; false where there is one. */
    async makeBucket(name) {
        await this.#prepared();
        const isNew = !(await this.#objects.buckets()).includes(name);
        await makeFolder(this.#gcs, name);
        return isNew;
    }
    /** The times of a file system are coarse: what replaces an object at once must not have its generation. */
    async #placed(path, parts, before) {
        const ageMs = Date.now() - Number((before?.facts.changedNs ?? 0n) / 1000000n);
        if (ageMs < writer_COARSEST_MS)
            await (0,external_node_timers_promises_namespaceObject.setTimeout)(writer_COARSEST_MS);
        return factsOf(await place(path, this.#gcs, parts));
    }
    #inTurn(body) {
        const result = this.#turn.then(body);
        this.#turn = result.catch(() => { });
        return result;
    }
    #prepared() {
        this.#ready ??= (async () => {
            await openFolder(this.#gcs);
            await (0,promises_namespaceObject.mkdir)(this.#uploads, { recursive: true, mode: 0o700 });
            // What a process that was killed has left half-sent.
            const left = (await (0,promises_namespaceObject.readdir)(this.#uploads)).filter((name) => name.endsWith('.part'));
            for (const name of left)
                await (0,promises_namespaceObject.rm)((0,external_node_path_namespaceObject.join)(this.#uploads, name), { force: true });
        })();
        return this.#ready;
    }
}

;// CONCATENATED MODULE: ./build/src/local/storage/storage.js





/** `gcs` holds a folder for each bucket, `uploads` what is not yet whole; neither need be there yet. */
function openStorage(gcs, uploads) {
    const notes = new Notes((0,external_node_path_namespaceObject.join)(uploads, 'notes.ndjson'));
    const objects = new Objects(gcs, notes);
    const writer = new Writer(gcs, uploads, objects, notes);
    return { objects, writer, sessions: new Sessions(writer) };
}

;// CONCATENATED MODULE: ./build/src/local/service.js

























function isShutdown(request) {
    return request.path === '/-/shutdown' && request.method === 'POST';
}
/** What the methods work on, with what an earlier process of this service left; its jobs are still to be resumed. */
function roomsOf({ runtime, nextId, kept, faults, scheduler }) {
    const { clock, journal, logs, folders } = runtime;
    const registry = new Registry(clock, nextId, journal);
    const operations = new Operations(clock, nextId, journal);
    const jobs = new Jobs(runtime, nextId, registry, scheduler);
    for (const model of kept.models)
        registry.store.restore(model);
    for (const operation of kept.operations)
        operations.restore(operation);
    const uploads = new Uploads({ registry, operations, clock, course: faults?.uploads ?? (() => ({})) });
    const storage = openStorage(folders.gcs, folders.uploads);
    return { jobs, registry, uploads, logs, operations, storage, identity: { tokens: new Tokens(clock), clock } };
}
/**
 * Starts the service: one that is there when this returns listens, and has taken up the jobs of an earlier process on its
 * folder. Throws UserError where the port or the folder cannot be had, and leaves nothing behind then.
 */
async function startService(options) {
    await checkPort(options.port);
    const data = await openDataFolder(options.data);
    try {
        return await started(options, data);
    }
    catch (error) {
        await data.release();
        throw error;
    }
}
async function started(options, data) {
    const { newId: nextId = newId } = options;
    const tell = (text) => options.onFault?.(text);
    const onFault = (error) => tell(messageOf(error));
    const certificate = options.tls === true ? await makeCertificate((0,external_node_path_namespaceObject.join)(data.path, 'tls')) : undefined;
    const folders = new Folders(data.path);
    const engine = new Engine(options.engine);
    const { instance, kept, log, journal } = await kept_begin({ data, logFile: folders.logFile, onNote: tell });
    const { clock: base = systemClock } = options;
    const faults = options.faults === true ? openFaults({ clock: base, folder: data.path }) : undefined;
    const clock = faults?.clock ?? base;
    const onEngine = kept.records.filter((record) => faults?.simulates(record) !== true);
    const left = data.isKept ? await findLeft({ engine, instance, records: onEngine }) : undefined;
    const logs = new LogStore(folders.logFile, clock, log, (error) => tell(`Log lines of jobs are lost: ${messageOf(error)}`));
    const runtime = {
        backend: faults?.backend ?? dockerBackend,
        journal,
        engine,
        networks: new Networks(engine, instance, left?.shared),
        left,
        clock,
        logs,
        folders,
        instance,
        dockerConfig: options.dockerConfig,
        graceSeconds: options.graceSeconds ?? 5,
    };
    const { maxCpus, maxMemoryGiB } = options;
    // Simulated jobs need no machine.
    const scheduler = faults === undefined
        ? new Scheduler({ machine: () => machineOf(options.engine), maxCpus, maxMemoryGiB })
        : undefined;
    const rooms = roomsOf({ runtime, nextId, kept, faults, scheduler });
    const { jobs, uploads, identity } = rooms;
    const answer = router(rooms);
    // Answered when no container is left, so that whoever asked may rely on it.
    const shutdown = async (onShutdown) => {
        await jobs.close().catch(onFault);
        setImmediate(onShutdown);
        return { http: 200, body: {} };
    };
    const { server, port } = await listen({
        port: options.port,
        token: options.token,
        stateOf: (token) => identity.tokens.stateOf(token),
        tls: certificate,
        onRequest: () => options.onRequest?.(),
        onFault,
        answer: (request) => (isShutdown(request) && options.onShutdown ? shutdown(options.onShutdown) : answer(request)),
        intercept: faults?.intercept(() => jobs.store.listed()),
    }).catch((error) => {
        throw portError(options.port, error);
    });
    // Before the first request can be answered, and not before it is sure that this process is the service.
    jobs.resume(kept.records);
    await left?.clear(onFault);
    const end = async () => {
        uploads.close();
        await jobs.close().catch(onFault);
        server.close();
        server.closeAllConnections();
        logs.close();
        journal?.close();
        await data.release().catch(onFault);
    };
    let closing;
    return {
        port,
        certificate,
        close: () => {
            closing ??= end();
            return closing;
        },
    };
}

;// CONCATENATED MODULE: ./build/src/local/index.js







const out = (text) => process.stdout.write(`${text}\n`);
const err = (text) => process.stderr.write(`${text}\n`);
/**
 * Ends the service, then the process, once; a service that cannot end does not keep the process. One that is being started is
 * ended when it has been, so that it leaves nothing behind.
 */
function ender(starting) {
    let ending = false;
    const end = async () => {
        const service = await starting()?.catch(() => undefined);
        await service?.close();
    };
    return (code) => {
        if (ending)
            return;
        ending = true;
        end().then(() => process.exit(code), (error) => {
            err(messageOf(error));
            process.exit(1);
        });
    };
}
async function shared(options) {
    return {
        port: options.port,
        data: dataFolderOf(options, process.env, (0,external_node_os_namespaceObject.homedir)()),
        faults: options.faults,
        tls: options.tls,
        maxCpus: options.maxCpus,
        maxMemoryGiB: options.maxMemoryGiB,
        engine: await engineAddress(options.engine, process.env),
        dockerConfig: dockerConfigFile(process.env),
        onFault: (text) => err(`local Vertex AI service: ${text}`),
    };
}
async function runAlone(options) {
    const given = await shared(options);
    let starting;
    const end = ender(() => starting);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
        process.on(signal, () => end(0));
    // The reader of stdout and stderr may be gone before the service is.
    for (const stream of [process.stdout, process.stderr])
        stream.on('error', () => { });
    starting = startService(given);
    out(readyLines(await starting, { faults: options.faults, data: given.data }));
}
/**
 * As the action's own service: a token on stdin, the port on stdout, stdin as the lifeline. SIGINT is the action's to
 * handle: it goes to the whole process group, and the action still needs the service to cancel its job.
 */
async function runEmbedded(options) {
    let starting;
    const end = ender(() => starting);
    const idle = new IdleWatch(() => end(0));
    process.on('SIGINT', () => { });
    for (const signal of ['SIGTERM', 'SIGHUP'])
        process.on(signal, () => end(0));
    // The reader of stdout and stderr may be gone before the service is.
    for (const stream of [process.stdout, process.stderr])
        stream.on('error', () => { });
    const { token, closed } = await readLifeline(process.stdin);
    starting = startService({
        ...(await shared(options)),
        token,
        onShutdown: () => end(0),
        onRequest: () => idle.touch(),
    });
    const { port } = await starting;
    out(JSON.stringify({ port }));
    closed.then(() => idle.begin());
}
async function main() {
    const options = readOptions(process.argv.slice(2));
    await (options.embedded ? runEmbedded(options) : runAlone(options));
}
main().catch((error) => {
    err(messageOf(error));
    process.exit(1);
});

module.exports = __webpack_exports__;
/******/ })()
;