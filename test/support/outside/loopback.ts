// Owns where the servers of tests are: inside, so that every guard of theirs has to allow it.
import { addressGuard } from '../../../connectors/address-guard';

export const loopback = ['127.0.0.0/8', '::1'];

export const loopbackGuard = addressGuard(loopback);
