#!/usr/bin/env node
/* `npm run signalsmith -- …`: the command line, compiled when it has changed. Says nothing of its own on stdout. */
'use strict';

require('./run-compiled').runCompiled(() => require('../dist/scripts/command-line'));
