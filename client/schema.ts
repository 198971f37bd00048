// Made by `npm run build:client` from the OpenAPI document; a test holds the two together.
export interface paths {
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Needs a token with the scope `read`. */
        get: operations["listSources"];
        put?: never;
        /** @description Needs a token with the scope `write`. */
        post: operations["createSource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{source_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Needs a token with the scope `read`. */
        get: operations["getSource"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{source_id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Needs a token with the scope `write`. */
        post: operations["checkSource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Needs a token with the scope `read`. */
        get: operations["listModels"];
        put?: never;
        /** @description Needs a token with the scope `write`. */
        post: operations["createModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{model_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Needs a token with the scope `read`. */
        get: operations["getModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Needs a token with the scope `read`. */
        get: operations["listDestinations"];
        put?: never;
        /** @description Needs a token with the scope `write`. */
        post: operations["createDestination"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations/{destination_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Needs a token with the scope `read`. */
        get: operations["getDestination"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destinations/{destination_id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Needs a token with the scope `write`. */
        post: operations["checkDestination"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Needs a token with the scope `read`. */
        get: operations["listSyncs"];
        put?: never;
        /** @description Needs a token with the scope `write`. */
        post: operations["createSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Needs a token with the scope `read`. */
        get: operations["getSync"];
        put?: never;
        post?: never;
        /** @description Needs a token with the scope `write`. */
        delete: operations["deleteSync"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Needs a token with the scope `read`. */
        get: operations["getSyncSchedule"];
        /** @description Needs a token with the scope `write`. */
        put: operations["putSyncSchedule"];
        post?: never;
        /** @description Needs a token with the scope `write`. */
        delete: operations["deleteSyncSchedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Needs a token with the scope `write`. */
        post: operations["pauseSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Needs a token with the scope `write`. */
        post: operations["resumeSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Needs a token with the scope `read`. */
        get: operations["listSyncEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/trigger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Needs a token with the scope `trigger`. */
        post: operations["triggerSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Needs a token with the scope `read`. */
        get: operations["listSyncRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Needs a token with the scope `read`. */
        get: operations["getSyncRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/runs/{run_id}/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Needs a token with the scope `read`. */
        get: operations["listSyncRunErrors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/runs/{run_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Needs a token with the scope `read`. */
        get: operations["listSyncRunEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/runs/{run_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Needs a token with the scope `trigger`. */
        post: operations["cancelSyncRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/runs/{run_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Needs a token with the scope `trigger`. */
        post: operations["retrySyncRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What this is, and where to go on */
        get: operations["getService"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process lives */
        get: operations["getLivez"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether it can do its work */
        get: operations["getReadyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every problem code and what it means */
        get: operations["listProblems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What one problem code means */
        get: operations["getProblem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getOpenApiDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document, as a page for people */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A script of that page */
        get: operations["getDocsFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description Why a request was not done (RFC 9457).
         * @example {
         *       "type": "/problems/invalid_request",
         *       "title": "The request has faults that can be told without looking at stored data",
         *       "status": 400,
         *       "detail": "/per_page: Must be 100 at most.",
         *       "instance": "/api/v1/syncs/sync_xyz789/runs",
         *       "code": "invalid_request",
         *       "request_id": "8f14e45f-ceea-467f-a0e6-8a1b0f3c9d21",
         *       "errors": [
         *         {
         *           "pointer": "/per_page",
         *           "code": "custom",
         *           "detail": "Must be 100 at most."
         *         }
         *       ]
         *     }
         */
        Problem: {
            /** @description An address that answers with what the code means. */
            type: string;
            /** @description What the code means; the same every time. */
            title: string;
            status: number;
            /** @description What is wrong this time, as a sentence for the caller. */
            detail: string;
            /** @description The path that was asked for; absent when the request could not be read that far. */
            instance?: string;
            /**
             * @description Stable, for programs. New ones may come.
             * @enum {string}
             */
            code: "invalid_json" | "invalid_request" | "unauthenticated" | "scope_missing" | "not_found" | "method_not_allowed" | "name_taken" | "sync_active" | "run_finished" | "run_not_finished" | "nothing_to_retry" | "retry_scope_lost" | "in_use" | "idempotency_key_in_flight" | "precondition_failed" | "body_too_large" | "unsupported_media_type" | "idempotency_key_reused" | "unprocessable" | "row_key_not_in_model" | "model_query_failed" | "source_connection_failed" | "inspection_failed" | "precondition_required" | "too_many_requests" | "headers_too_large" | "internal" | "database_unavailable" | "inspection_unavailable";
            /** @description Finds this request in the logs. */
            request_id: string;
            /** @description Every fault of the request, where faults can be told apart. */
            errors: {
                /** @description JSON pointer into the body, or `/` and the name of a query parameter; empty: all of it. */
                pointer: string;
                code: string;
                detail: string;
            }[];
        } & {
            [key: string]: unknown;
        };
    };
    responses: {
        /** @description `invalid_request`: The request has faults that can be told without looking at stored data. */
        InvalidRequest: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {unknown} */
                    code: "invalid_request";
                };
            };
        };
        /** @description `unauthenticated`: A valid token is needed. */
        Unauthenticated: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 401;
                    /** @enum {unknown} */
                    code: "unauthenticated";
                };
            };
        };
        /** @description `scope_missing`: The token does not have the scope this needs. */
        ScopeMissing: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 403;
                    /** @enum {unknown} */
                    code: "scope_missing";
                };
            };
        };
        /** @description `too_many_requests`: The limit of requests is used up. */
        TooManyRequests: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 429;
                    /** @enum {unknown} */
                    code: "too_many_requests";
                };
            };
        };
        /** @description `headers_too_large`: The headers are larger than allowed. */
        HeadersTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 431;
                    /** @enum {unknown} */
                    code: "headers_too_large";
                };
            };
        };
        /** @description `internal`: An error of ours. */
        Internal: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 500;
                    /** @enum {unknown} */
                    code: "internal";
                };
            };
        };
        /** @description `database_unavailable`: The database does not answer. */
        DatabaseUnavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 503;
                    /** @enum {unknown} */
                    code: "database_unavailable";
                };
            };
        };
        /**
         * @description `invalid_json`: The body is not valid JSON.
         *
         *     `invalid_request`: The request has faults that can be told without looking at stored data.
         */
        InvalidJsonOrInvalidRequest: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 400;
                    /** @enum {unknown} */
                    code: "invalid_json" | "invalid_request";
                };
            };
        };
        /** @description `idempotency_key_in_flight`: A request with this Idempotency-Key is still at work. */
        IdempotencyKeyInFlight: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 409;
                    /** @enum {unknown} */
                    code: "idempotency_key_in_flight";
                };
            };
        };
        /** @description `body_too_large`: The body is larger than allowed. */
        BodyTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 413;
                    /** @enum {unknown} */
                    code: "body_too_large";
                };
            };
        };
        /** @description `unsupported_media_type`: The body must be JSON. */
        UnsupportedMediaType: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 415;
                    /** @enum {unknown} */
                    code: "unsupported_media_type";
                };
            };
        };
        /** @description `idempotency_key_reused`: The Idempotency-Key was used for another request. */
        IdempotencyKeyReused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 422;
                    /** @enum {unknown} */
                    code: "idempotency_key_reused";
                };
            };
        };
        /** @description `not_found`: There is nothing here, or not in the workspace of this token. */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 404;
                    /** @enum {unknown} */
                    code: "not_found";
                };
            };
        };
    };
    parameters: {
        /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
        IdempotencyKey: string;
    };
    requestBodies: never;
    headers: {
        /** @description The id of this request, in logs and problems too; yours, when you sent one. */
        "X-Request-Id": string;
        /**
         * @description The version of what was read: for `If-Match` of a change, and for `If-None-Match`.
         * @example "3"
         */
        ETag: string;
        /** @description What kind of token is missing (RFC 6750). */
        "WWW-Authenticate": string;
        /** @description Seconds after which asking again may help, or may have something new to tell. */
        "Retry-After": number;
        /**
         * @description Which limit of the token this draws on: requests (`q`) in seconds (`w`).
         * @example "reads";q=600;w=60
         */
        "RateLimit-Policy": string;
        /**
         * @description How it stands: requests that are left (`r`), and seconds until all are there again (`t`).
         * @example "reads";r=599;t=1
         */
        RateLimit: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listSources: {
        parameters: {
            query?: {
                page?: number;
                per_page?: number;
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    createSource: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @constant */
                    kind: "postgres";
                    config: {
                        url: string;
                    };
                };
            };
        };
        responses: {
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    getSource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example src_01k0abcde0fghjkmnpqrstvwxy */
                source_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    checkSource: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @example src_01k0abcde0fghjkmnpqrstvwxy */
                source_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    listModels: {
        parameters: {
            query?: {
                page?: number;
                per_page?: number;
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    createModel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    source_id: string;
                    sql: string;
                    row_key: string[];
                };
            };
        };
        responses: {
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    getModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example mdl_01k0abcde0fghjkmnpqrstvwxy */
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    listDestinations: {
        parameters: {
            query?: {
                page?: number;
                per_page?: number;
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    createDestination: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @constant */
                    kind: "postgres";
                    config: {
                        url: string;
                        atomic_rows?: number;
                        lanes?: number;
                    };
                } | {
                    name: string;
                    /** @constant */
                    kind: "http";
                    config: {
                        url: string;
                        /**
                         * @default POST
                         * @enum {string}
                         */
                        method?: "POST" | "PUT" | "PATCH";
                        /** @default null */
                        delete_url?: string | null;
                        /**
                         * @default POST
                         * @enum {string}
                         */
                        delete_method?: "POST" | "PUT" | "PATCH" | "DELETE";
                        /** @default 500 */
                        batch_rows?: number;
                        /** @default 3 */
                        concurrency?: number;
                        /** @default 30 */
                        timeout_seconds?: number;
                        /** @default null */
                        rows_per_second?: number | null;
                        /** @default null */
                        requests_per_second?: number | null;
                        /** @default {} */
                        headers?: {
                            [key: string]: string;
                        };
                        /** @default {} */
                        request?: {
                            /** @default null */
                            rows_field?: string | null;
                            /** @default null */
                            operation_field?: string | null;
                        };
                        /** @default {} */
                        response?: {
                            /** @default null */
                            results_field?: string | null;
                            /** @default null */
                            match_by?: ("index" | "key") | null;
                            key_field?: (string | string[]) | null;
                            /** @default null */
                            status_field?: string | null;
                            created_values?: (string | number | boolean)[];
                            updated_values?: (string | number | boolean)[];
                            deleted_values?: (string | number | boolean)[];
                            skipped_values?: (string | number | boolean)[];
                            /** @default null */
                            errors_field?: string | null;
                            /** @default null */
                            message_field?: string | null;
                            /** @default null */
                            field_field?: string | null;
                            /** @default null */
                            code_field?: string | null;
                        } | null;
                    };
                    secrets?: {
                        /** @default {} */
                        headers?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
        responses: {
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    getDestination: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example dst_01k0abcde0fghjkmnpqrstvwxy */
                destination_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    checkDestination: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @example dst_01k0abcde0fghjkmnpqrstvwxy */
                destination_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    listSyncs: {
        parameters: {
            query?: {
                page?: number;
                per_page?: number;
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    createSync: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    model_id: string;
                    destination_id: string;
                    /**
                     * @default upsert
                     * @enum {string}
                     */
                    mode?: "upsert" | "insert" | "update" | "mirror";
                    mapping: {
                        column: string;
                        field: string;
                    }[];
                    /** @default {} */
                    object?: {
                        schema?: string;
                        table?: string;
                    };
                    /** @default {} */
                    settings?: {
                        /** @enum {string} */
                        key_match?: "exact" | "lower";
                        budget_seconds?: number;
                        patience_seconds?: number;
                        query_timeout_seconds?: number;
                        max_rows?: number | null;
                        stuck_after_seconds?: number;
                    };
                    /** @default null */
                    schedule?: {
                        /** @default null */
                        interval_seconds?: number | null;
                        /** @default null */
                        cron?: string | null;
                        /** @default UTC */
                        time_zone?: string;
                        /** @default 0 */
                        jitter_seconds?: number;
                        /** @default 600 */
                        catch_up_seconds?: number;
                    } | null;
                    /**
                     * @default queue_one
                     * @enum {string}
                     */
                    overlap_policy?: "queue_one" | "queue_all" | "skip";
                };
            };
        };
        responses: {
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    getSync: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    deleteSync: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    getSyncSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    putSyncSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default null */
                    interval_seconds?: number | null;
                    /** @default null */
                    cron?: string | null;
                    /** @default UTC */
                    time_zone?: string;
                    /** @default 0 */
                    jitter_seconds?: number;
                    /** @default 600 */
                    catch_up_seconds?: number;
                    /** @enum {string} */
                    overlap_policy?: "queue_one" | "queue_all" | "skip";
                };
            };
        };
        responses: {
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    deleteSyncSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    pauseSync: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @default null */
                    note?: string | null;
                };
            };
        };
        responses: {
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    resumeSync: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @default null */
                    note?: string | null;
                };
            };
        };
        responses: {
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    listSyncEvents: {
        parameters: {
            query?: {
                page?: number;
                per_page?: number;
            };
            header?: never;
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    triggerSync: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @default normal
                     * @enum {string}
                     */
                    kind?: "normal" | "full_resync" | "dry_run";
                    /** @default null */
                    note?: string | null;
                    /** @default false */
                    allow_deletes?: boolean;
                };
            };
        };
        responses: {
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    listSyncRuns: {
        parameters: {
            query?: {
                page?: number;
                per_page?: number;
                status?: ("queued" | "running" | "completed" | "failed" | "cancelled")[];
                outcome?: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial")[];
                trigger?: ("schedule" | "manual" | "api")[];
                kind?: ("normal" | "full_resync" | "dry_run")[];
                has_errors?: boolean;
                started_after?: string;
                started_before?: string;
            };
            header?: never;
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    getSyncRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
                /** @example run_abc123 */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Still as it was when it had the `ETag` in `If-None-Match`. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    listSyncRunErrors: {
        parameters: {
            query?: {
                page?: number;
                per_page?: number;
                field?: string;
                code?: string;
                row_id?: string;
                q?: string;
            };
            header?: never;
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
                /** @example run_abc123 */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    listSyncRunEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
                /** @example run_abc123 */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    cancelSyncRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
                /** @example run_abc123 */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    retrySyncRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
                /** @example run_abc123 */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @default all
                     * @enum {string}
                     */
                    scope?: "all" | "failed" | "not_attempted";
                    /**
                     * @default normal
                     * @enum {string}
                     */
                    kind?: "normal" | "full_resync" | "dry_run";
                    /** @default null */
                    note?: string | null;
                    /** @default false */
                    allow_deletes?: boolean;
                };
            };
        };
        responses: {
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailable"];
        };
    };
    getService: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        name: string;
                        api: string;
                        links: {
                            [key: string]: string;
                        };
                    };
                };
            };
            500: components["responses"]["Internal"];
        };
    };
    getLivez: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "alive";
                    };
                };
            };
            500: components["responses"]["Internal"];
        };
    };
    getReadyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ready" | "not_ready" | "draining";
                        checks: {
                            /** @enum {string} */
                            database: "ok" | "migrations_pending" | "unreachable" | "no_answer";
                            /** @enum {string} */
                            temporal: "ok" | "unreachable" | "no_answer";
                        };
                    };
                };
            };
            500: components["responses"]["Internal"];
            /** @description Answered. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ready" | "not_ready" | "draining";
                        checks: {
                            /** @enum {string} */
                            database: "ok" | "migrations_pending" | "unreachable" | "no_answer";
                            /** @enum {string} */
                            temporal: "ok" | "unreachable" | "no_answer";
                        };
                    };
                };
            };
        };
    };
    listProblems: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            type: string;
                            /** @enum {string} */
                            code: "invalid_json" | "invalid_request" | "unauthenticated" | "scope_missing" | "not_found" | "method_not_allowed" | "name_taken" | "sync_active" | "run_finished" | "run_not_finished" | "nothing_to_retry" | "retry_scope_lost" | "in_use" | "idempotency_key_in_flight" | "precondition_failed" | "body_too_large" | "unsupported_media_type" | "idempotency_key_reused" | "unprocessable" | "row_key_not_in_model" | "model_query_failed" | "source_connection_failed" | "inspection_failed" | "precondition_required" | "too_many_requests" | "headers_too_large" | "internal" | "database_unavailable" | "inspection_unavailable";
                            status: number;
                            title: string;
                        }[];
                    };
                };
            };
            500: components["responses"]["Internal"];
        };
    };
    getProblem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        type: string;
                        /** @enum {string} */
                        code: "invalid_json" | "invalid_request" | "unauthenticated" | "scope_missing" | "not_found" | "method_not_allowed" | "name_taken" | "sync_active" | "run_finished" | "run_not_finished" | "nothing_to_retry" | "retry_scope_lost" | "in_use" | "idempotency_key_in_flight" | "precondition_failed" | "body_too_large" | "unsupported_media_type" | "idempotency_key_reused" | "unprocessable" | "row_key_not_in_model" | "model_query_failed" | "source_connection_failed" | "inspection_failed" | "precondition_required" | "too_many_requests" | "headers_too_large" | "internal" | "database_unavailable" | "inspection_unavailable";
                        status: number;
                        title: string;
                    };
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    getOpenApiDocument: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            500: components["responses"]["Internal"];
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            500: components["responses"]["Internal"];
        };
    };
    getDocsFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/javascript": string;
                };
            };
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
}
