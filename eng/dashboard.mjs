// The page's build, which eng/Dashboard.targets runs in two steps:
//   node dashboard.mjs install        npm's packages as dashboard/package-lock.json has them. Exit 3: they cannot be had here; the last line says why.
//   node dashboard.mjs build FOLDER   dashboard/dist, and FOLDER/page: its files, each beside what brotli and gzip make of it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dashboard = join(dirname(fileURLToPath(import.meta.url)), '..', 'dashboard');
const lacking = 3;
const oldestNode = 20;
// What npm says where its registry is out of reach, or has not got a package. Anything else is wrong with the lock file.
const outOfReach = /\b(E404|ETARGET|ENOTCACHED|EAI_AGAIN|ENOTFOUND|ECONN\w+|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|E40[137]|E5\d\d|\w*CERT\w*)\b/;
const text = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt', '.webmanifest']);

function npm(...words) {
  return spawnSync('npm', words, { cwd: dashboard, encoding: 'utf8', shell: process.platform === 'win32', maxBuffer: 1 << 26 });
}

function install() {
  if (Number.parseInt(process.versions.node, 10) < oldestNode) lack(`Node.js ${oldestNode} or newer is needed; this is ${process.version}`);
  // npm's folder says which lock it was installed by: it goes when the folder goes.
  const lock = createHash('sha256').update(readFileSync(join(dashboard, 'package-lock.json'))).digest('hex');
  const installed = join(dashboard, 'node_modules', '.trm-lock');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return;
  const run = npm('ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error',
    '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=60000');
  if (run.error) lack(`npm does not run here (${run.error.code ?? run.error.message})`);
  const said = `${run.stdout}${run.stderr}`.trim();
  if (run.status !== 0 && outOfReach.test(said)) lack(`npm cannot have its packages: ${said.split('\n')[0]}`);
  if (run.status !== 0) fail(`npm ci failed in dashboard: ${said}`);
  mkdirSync(dirname(installed), { recursive: true });
  writeFileSync(installed, lock);
}

function build(output) {
  const started = new Date();
  const run = npm('run', 'build', '--silent');
  if (run.status !== 0) fail(`${run.stdout ?? ''}${run.stderr ?? run.error}`.trim());

  const dist = join(dashboard, 'dist');
  const page = join(output, 'page');
  const made = new Set();
  for (const file of files(dist)) {
    const name = relative(dist, file);
    for (const [ending, bytes] of codings(file)) {
      made.add(name + ending);
      writeIfChanged(join(page, name + ending), bytes);
    }
  }
  for (const file of files(page)) if (!made.has(relative(page, file))) rmSync(file);

  // As old as the sources that were read: what changed meanwhile is built the next time.
  writeFileSync(join(output, 'built'), '');
  utimesSync(join(output, 'built'), started, started);
}

function codings(file) {
  const bytes = readFileSync(file);
  if (!text.has(extname(file))) return [['', bytes]];
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  const gzip = gzipSync(bytes, { level: 9 });
  return [['', bytes], ['.br', brotli], ['.gz', gzip]].filter(([ending, coded]) => ending === '' || coded.length < bytes.length);
}

function files(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => join(entry.parentPath ?? entry.path, entry.name));
}

// A file that is newer is compiled into the gateway again.
function writeIfChanged(file, bytes) {
  if (existsSync(file) && readFileSync(file).equals(bytes)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

function lack(why) {
  console.log(why);
  process.exit(lacking);
}

function fail(why) {
  console.error(why);
  process.exit(1);
}

const [step, output] = process.argv.slice(2);
if (step === 'install') install();
else build(output);
