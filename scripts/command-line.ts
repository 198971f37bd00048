// Owns the process of the command line: composes it with how the launcher is found, which only the launcher knows.
import { commandLine } from '../cli/main';
import { lockHolder } from './launcher/launcher-lock';

commandLine(lockHolder);
