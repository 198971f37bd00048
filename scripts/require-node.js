/* Stops with one sentence when Node is too old. Plain ES5, so that every Node can read it. Owns no other check. */
'use strict';

// 20.19 is the first 20 with everything the dependencies ask for.
var needed = [20, 19];

var parts = process.versions.node.split('.');
var major = Number(parts[0]);
var minor = Number(parts[1]);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(
    'SignalSmith needs Node ' +
      needed.join('.') +
      ' or newer; this is Node ' +
      process.versions.node +
      '. Install it from https://nodejs.org and try again.'
  );
  process.exit(1);
}
