// Runs samples/packages/packages.js, as it is, in Node.js: Database, Statement, readText and sqliteVersion are those of the
// addon, console is Node's.
//
//   node run.js ADDON [DATABASE [STATUS [SCRIPT]]]    as samples/packages/main.c says

'use strict';

const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const [addon, database, status, script] = process.argv.slice(2);
require(path.resolve(addon));

globalThis.databaseFile = database ?? 'packages.db';
globalThis.statusFile = status ?? '/var/lib/dpkg/status';
const file = script ?? path.join(__dirname, '..', 'packages', 'packages.js');
vm.runInThisContext(fs.readFileSync(file, 'utf8'), {filename: file});
