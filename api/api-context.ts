// Owns what middleware leaves on a request for those after it.
import type { ParameterizedContext } from 'koa';
import type { StoredToken } from '../db/configuration/token-store';

export interface ApiState {
  requestId: string;
  /** Set by authenticate; absent on paths that need no token. */
  token?: StoredToken;
}

export type ApiContext = ParameterizedContext<ApiState>;
export type Next = () => Promise<unknown>;
