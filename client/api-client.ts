// Owns a client of the API whose calls are typed by the OpenAPI document: paths, parameters, bodies, answers, problems.
import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema';

export type ApiClient = Client<paths>;

/** `url`: of the API, without a path. Each call resolves to `{data}` or `{error}`, with the `response` beside it. */
export function apiClient({ url, token }: { url: string; token: string }): ApiClient {
  return createClient<paths>({
    baseUrl: url,
    headers: { Authorization: `Bearer ${token}` },
    // Several words stand in one parameter: status=failed,cancelled.
    querySerializer: { array: { style: 'form', explode: false } },
  });
}
