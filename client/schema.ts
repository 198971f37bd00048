// Made by `npm run build:client` from the OpenAPI document; a test holds the two together.
export interface paths {
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the sources in order of creation
         * @description Needs a token with the scope `read`.
         */
        get: operations["listSources"];
        put?: never;
        /**
         * Create a source
         * @description Needs a token with the scope `write`.
         */
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
        /**
         * Show a source
         * @description Needs a token with the scope `read`.
         */
        get: operations["getSource"];
        put?: never;
        post?: never;
        /**
         * Delete a source that no model reads from
         * @description Needs a token with the scope `write`.
         */
        delete: operations["deleteSource"];
        options?: never;
        head?: never;
        /**
         * Change a source; what is left out stays as it is
         * @description Needs a token with the scope `write`.
         */
        patch: operations["updateSource"];
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
        /**
         * Have a worker connect to a source, and tell what it saw
         * @description Needs a token with the scope `write`.
         */
        post: operations["checkSource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{model_id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a worker describe a model anew, and tell whether it is still as it was
         * @description Needs a token with the scope `write`.
         */
        post: operations["checkModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a query for its first rows and columns, without storing it
         * @description Needs a token with the scope `write`.
         */
        post: operations["previewModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{model_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a model, newest first: who changed what, and when
         * @description Needs a token with the scope `read`.
         */
        get: operations["listModelVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{model_id}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one version of a model whole
         * @description Needs a token with the scope `read`.
         */
        get: operations["getModelVersion"];
        put?: never;
        post?: never;
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
        /**
         * List the models in order of creation
         * @description Needs a token with the scope `read`.
         */
        get: operations["listModels"];
        put?: never;
        /**
         * Create a model; a worker has its source describe it first
         * @description Needs a token with the scope `write`.
         */
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
        /**
         * Show a model with its current version
         * @description Needs a token with the scope `read`.
         */
        get: operations["getModel"];
        put?: never;
        post?: never;
        /**
         * Delete a model that no sync reads
         * @description Needs a token with the scope `write`.
         */
        delete: operations["deleteModel"];
        options?: never;
        head?: never;
        /**
         * Change a model; another SQL or row key makes a new version, described like a new model
         * @description Needs a token with the scope `write`.
         */
        patch: operations["updateModel"];
        trace?: never;
    };
    "/api/v1/destinations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the destinations in order of creation
         * @description Needs a token with the scope `read`.
         */
        get: operations["listDestinations"];
        put?: never;
        /**
         * Create a destination
         * @description Needs a token with the scope `write`.
         */
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
        /**
         * Show a destination
         * @description Needs a token with the scope `read`.
         */
        get: operations["getDestination"];
        put?: never;
        post?: never;
        /**
         * Delete a destination that no sync writes to
         * @description Needs a token with the scope `write`.
         */
        delete: operations["deleteDestination"];
        options?: never;
        head?: never;
        /**
         * Change a destination; what is left out stays as it is
         * @description Needs a token with the scope `write`.
         */
        patch: operations["updateDestination"];
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
        /**
         * Have a worker connect to a destination, and tell what it saw; nothing is written
         * @description Needs a token with the scope `write`.
         */
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
        /**
         * List syncs
         * @description Needs a token with the scope `read`.
         */
        get: operations["listSyncs"];
        put?: never;
        /**
         * Create a sync
         * @description Needs a token with the scope `write`.
         */
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
        /**
         * Read a sync and its newest run
         * @description Needs a token with the scope `read`.
         */
        get: operations["getSync"];
        put?: never;
        post?: never;
        /**
         * Delete a sync and its schedule
         * @description Needs a token with the scope `write`.
         */
        delete: operations["deleteSync"];
        options?: never;
        head?: never;
        /**
         * Change a sync
         * @description Needs a token with the scope `write`.
         */
        patch: operations["updateSync"];
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a sync, newest first: who changed what
         * @description Needs a token with the scope `read`.
         */
        get: operations["listSyncVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one version of a sync whole
         * @description Needs a token with the scope `read`.
         */
        get: operations["getSyncVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check that a sync could run: connect to both ends, compare its mapping with what is there
         * @description Needs a token with the scope `write`.
         */
        post: operations["checkSync"];
        delete?: never;
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
        /**
         * Read the schedule of a sync, its next times and what became of its last slots
         * @description Needs a token with the scope `read`.
         */
        get: operations["getSyncSchedule"];
        /**
         * Write the whole schedule of a sync
         * @description Needs a token with the scope `write`.
         */
        put: operations["putSyncSchedule"];
        post?: never;
        /**
         * Remove the schedule of a sync
         * @description Needs a token with the scope `write`.
         */
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
        /**
         * Pause the schedule of a sync
         * @description Needs a token with the scope `write`.
         */
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
        /**
         * Resume the schedule of a sync
         * @description Needs a token with the scope `write`.
         */
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
        /**
         * List what happened to a sync itself, newest first
         * @description Needs a token with the scope `read`.
         */
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
        /**
         * Trigger a run of a sync
         * @description Needs a token with the scope `trigger`.
         */
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
        /**
         * List the runs of a sync, newest first
         * @description Needs a token with the scope `read`.
         */
        get: operations["listSyncRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the runs of all syncs, newest first
         * @description Needs a token with the scope `read`.
         */
        get: operations["listRuns"];
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
        /**
         * Show a run with its phases, performance, progress and what it ran with
         * @description Needs a token with the scope `read`.
         */
        get: operations["getSyncRun"];
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
        /**
         * The timeline of a run, or with Accept: text/event-stream its events as they come
         * @description Needs a token with the scope `read`.
         */
        get: operations["listSyncRunEvents"];
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
        /**
         * List the row errors of a run, in the order the rows were read
         * @description Needs a token with the scope `read`.
         */
        get: operations["listSyncRunErrors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/runs/{run_id}/errors/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Group the row errors of a run by message and field, largest group first
         * @description Needs a token with the scope `read`.
         */
        get: operations["listSyncRunErrorGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/runs/{run_id}/errors/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the row errors of an ended run, all that match, as CSV or NDJSON
         * @description Needs a token with the scope `read`.
         */
        get: operations["exportSyncRunErrors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/rows/{row_key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell what the runs of a sync did with one row
         * @description Needs a token with the scope `read`.
         */
        get: operations["getSyncRow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell the same of a row whose key no path can hold
         * @description Needs a token with the scope `read`.
         */
        get: operations["listSyncRows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/rows/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase one row from what runs of a sync have left of it
         * @description Needs a token with the scope `admin`.
         */
        post: operations["eraseSyncRow"];
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
        /**
         * Cancel a run; repeating it is harmless
         * @description Needs a token with the scope `trigger`.
         */
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
        /**
         * Retry a run: a new run for all or some of its rows
         * @description Needs a token with the scope `trigger`.
         */
        post: operations["retrySyncRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tokens, expired and revoked ones too
         * @description Needs a token with the scope `admin`.
         */
        get: operations["listTokens"];
        put?: never;
        /**
         * Create a token; its secret is shown this once
         * @description Needs a token with the scope `admin`.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a token
         * @description Needs a token with the scope `admin`.
         */
        get: operations["getToken"];
        put?: never;
        post?: never;
        /**
         * Revoke a token
         * @description Needs a token with the scope `admin`.
         */
        delete: operations["deleteToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/insights/sync-health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells how all syncs of the workspace did, against the period before
         * @description Needs a token with the scope `read`.
         */
        get: operations["getInsightsSyncHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tells rows, error rate and duration of a sync by run or day, and what changed suddenly
         * @description Needs a token with the scope `read`.
         */
        get: operations["listSyncTrends"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List all alert rules as they hold, for the workspace or for one sync
         * @description Needs a token with the scope `read`.
         */
        get: operations["listAlertRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-rules/{rule}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an alert rule as it holds for all syncs
         * @description Needs a token with the scope `read`.
         */
        get: operations["getAlertRule"];
        /**
         * Set an alert rule for all syncs; what is left out is as everybody has it
         * @description Needs a token with the scope `write`.
         */
        put: operations["putAlertRule"];
        post?: never;
        /**
         * Give up what was set of an alert rule for all syncs
         * @description Needs a token with the scope `write`.
         */
        delete: operations["deleteAlertRule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/syncs/{sync_id}/alert-rules/{rule}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an alert rule as it holds for one sync
         * @description Needs a token with the scope `read`.
         */
        get: operations["getSyncAlertRule"];
        /**
         * Set an alert rule for one sync; what is left out is as everybody has it
         * @description Needs a token with the scope `write`.
         */
        put: operations["putSyncAlertRule"];
        post?: never;
        /**
         * Give up what was set of an alert rule for one sync
         * @description Needs a token with the scope `write`.
         */
        delete: operations["deleteSyncAlertRule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the alert channels in order of creation
         * @description Needs a token with the scope `read`.
         */
        get: operations["listAlertChannels"];
        put?: never;
        /**
         * Create an alert channel; a secret that is made for it is shown this once
         * @description Needs a token with the scope `write`.
         */
        post: operations["createAlertChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-channels/{channel_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an alert channel
         * @description Needs a token with the scope `read`.
         */
        get: operations["getAlertChannel"];
        put?: never;
        post?: never;
        /**
         * Delete an alert channel that no rule names, and withdraw what it was still to be told
         * @description Needs a token with the scope `write`.
         */
        delete: operations["deleteAlertChannel"];
        options?: never;
        head?: never;
        /**
         * Change an alert channel, or switch it on or off; what is left out stays as it is
         * @description Needs a token with the scope `write`.
         */
        patch: operations["updateAlertChannel"];
        trace?: never;
    };
    "/api/v1/alert-channels/{channel_id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new secret for a webhook, shown this once; the old one stays valid for a while
         * @description Needs a token with the scope `write`.
         */
        post: operations["rotateSecretAlertChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-channels/{channel_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a worker send a test message to an alert channel, and tell what came back
         * @description Needs a token with the scope `write`.
         */
        post: operations["testAlertChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the alerts of all syncs, newest first
         * @description Needs a token with the scope `read`.
         */
        get: operations["listAlerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{alert_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an alert with what became of it, and by whom
         * @description Needs a token with the scope `read`.
         */
        get: operations["getAlert"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{alert_id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge an alert: somebody is at it, and it is not told again
         * @description Needs a token with the scope `write`.
         */
        post: operations["acknowledgeAlert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{alert_id}/mute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mute an alert until a time: nobody is told of it meanwhile
         * @description Needs a token with the scope `write`.
         */
        post: operations["muteAlert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{alert_id}/unmute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unmute an alert: it is told again
         * @description Needs a token with the scope `write`.
         */
        post: operations["unmuteAlert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{alert_id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resolve an alert; what caused it opens another one when it comes again
         * @description Needs a token with the scope `write`.
         */
        post: operations["resolveAlert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-channels/{channel_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries to an alert channel, newest first
         * @description Needs a token with the scope `read`.
         */
        get: operations["listAlertChannelDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-channels/{channel_id}/deliveries/{delivery_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a delivery to an alert channel with its attempts
         * @description Needs a token with the scope `read`.
         */
        get: operations["getAlertChannelDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alert-channels/{channel_id}/deliveries/{delivery_id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a delivery to an alert channel sent once more
         * @description Needs a token with the scope `write`.
         */
        post: operations["redeliverAlertChannelDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{alert_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries of an alert, newest first
         * @description Needs a token with the scope `read`.
         */
        get: operations["listAlertDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{alert_id}/deliveries/{delivery_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a delivery of an alert with its attempts
         * @description Needs a token with the scope `read`.
         */
        get: operations["getAlertDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{alert_id}/deliveries/{delivery_id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a delivery of an alert sent once more
         * @description Needs a token with the scope `write`.
         */
        post: operations["redeliverAlertDelivery"];
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
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Measures over all workspaces, for Prometheus */
        get: operations["getMetrics"];
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
export interface webhooks {
    "alert.raised.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Alerts were opened
         * @description Sent to the webhooks of a workspace, by Standard Webhooks. It may come more than once, with the same `webhook-id`. Answer within ten seconds.
         */
        post: operations["alertRaisedV1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "alert.repeated.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Alerts go on
         * @description Sent to the webhooks of a workspace, by Standard Webhooks. It may come more than once, with the same `webhook-id`. Answer within ten seconds.
         */
        post: operations["alertRepeatedV1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "alert.resolved.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Alerts are over
         * @description Sent to the webhooks of a workspace, by Standard Webhooks. It may come more than once, with the same `webhook-id`. Answer within ten seconds.
         */
        post: operations["alertResolvedV1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "sync_run.completed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A run has completed
         * @description Sent to the webhooks of a workspace, by Standard Webhooks. It may come more than once, with the same `webhook-id`. Answer within ten seconds.
         */
        post: operations["syncRunCompletedV1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "channel.disabled.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Another channel was switched off, as nothing could be told there
         * @description Sent to the webhooks of a workspace, by Standard Webhooks. It may come more than once, with the same `webhook-id`. Answer within ten seconds.
         */
        post: operations["channelDisabledV1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "channel.test.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A test, which somebody asked for
         * @description Sent to the webhooks of a workspace, by Standard Webhooks. It may come more than once, with the same `webhook-id`. Answer within ten seconds.
         */
        post: operations["channelTestV1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        AlertRaisedV1: {
            /** @constant */
            type: "alert.raised.v1";
            /**
             * Format: date-time
             * @description When the message was made; the same at every attempt.
             */
            timestamp: string;
            data: {
                /** @description The whole message in one sentence. */
                summary: string;
                workspace: {
                    id: string;
                    name: string;
                };
                /** @description The first 20, by when they were opened. */
                alerts: {
                    id: string;
                    /**
                     * @description The rule that opened it.
                     * @enum {string}
                     */
                    kind: "run_failed" | "error_rate" | "consecutive_failures" | "run_late" | "run_stuck" | "row_count_spike" | "row_count_drop" | "error_rate_increase" | "duration_increase" | "deletes_held" | "counter_mismatch" | "schedule_paused";
                    /** @enum {string} */
                    severity: "warning" | "critical";
                    sync: {
                        id: string;
                        name: string;
                    };
                    /** @example Users → CRM failed: Destination authentication expired */
                    sentence: string;
                    /** @description What to do, most useful first. */
                    advice: string[];
                    /** @description Where it lies, so far as that is known. */
                    about: {
                        /** @enum {string} */
                        kind: "source" | "model" | "destination";
                        id: string;
                        name: string;
                    } | null;
                    occurrences: number;
                    /** Format: date-time */
                    opened_at: string;
                    /** Format: date-time */
                    last_seen_at: string;
                    resolved_at: string | null;
                    /** @description The run that ended it; null: none did, or it goes on. */
                    resolved_run: {
                        id: string;
                        /** @enum {string} */
                        status: "queued" | "running" | "completed" | "failed" | "cancelled";
                        outcome: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial") | null;
                        /** @enum {string} */
                        trigger: "schedule" | "manual" | "api";
                        started_at: string | null;
                        completed_at: string | null;
                        duration_ms: number | null;
                        rows_processed: number;
                        rows_created: number;
                        rows_updated: number;
                        rows_deleted: number;
                        rows_failed: number;
                        failure: {
                            /** @enum {string} */
                            code: "source_connection_failed" | "model_query_failed" | "out_of_memory" | "destination_auth_expired" | "destination_unreachable" | "destination_misconfigured" | "rate_limit_exceeded" | "snapshot_lost" | "retry_scope_lost" | "terminated_by_operator" | "timed_out" | "internal";
                            message: string;
                        } | null;
                        links: {
                            /** @description The run, over the API. */
                            run: string;
                            /** @description Its row errors. */
                            errors: string;
                            /** @description Its page in the Temporal Web UI. */
                            temporal: string | null;
                        } | null;
                    } | null;
                    resolved_by_hand: boolean;
                    /** @description Of rules with a measure: rows, a share of 0 to 1, milliseconds, or a number of runs. */
                    observed: number | null;
                    /** @description What it was expected to be, or the threshold. */
                    expected: number | null;
                    /** @description Of `run_late`: from which slot on nothing came. */
                    due_at: string | null;
                    /** @description The run it was last seen at. */
                    run: {
                        id: string;
                        /** @enum {string} */
                        status: "queued" | "running" | "completed" | "failed" | "cancelled";
                        outcome: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial") | null;
                        /** @enum {string} */
                        trigger: "schedule" | "manual" | "api";
                        started_at: string | null;
                        completed_at: string | null;
                        duration_ms: number | null;
                        rows_processed: number;
                        rows_created: number;
                        rows_updated: number;
                        rows_deleted: number;
                        rows_failed: number;
                        failure: {
                            /** @enum {string} */
                            code: "source_connection_failed" | "model_query_failed" | "out_of_memory" | "destination_auth_expired" | "destination_unreachable" | "destination_misconfigured" | "rate_limit_exceeded" | "snapshot_lost" | "retry_scope_lost" | "terminated_by_operator" | "timed_out" | "internal";
                            message: string;
                        } | null;
                    } | null;
                    /** @description Where one can look at `run`. */
                    links: {
                        /** @description The run, over the API. */
                        run: string;
                        /** @description Its row errors. */
                        errors: string;
                        /** @description Its page in the Temporal Web UI. */
                        temporal: string | null;
                    } | null;
                }[];
                /** @description How many it is about, those named included. */
                alert_count: number;
            };
        };
        AlertRepeatedV1: {
            /** @constant */
            type: "alert.repeated.v1";
            /**
             * Format: date-time
             * @description When the message was made; the same at every attempt.
             */
            timestamp: string;
            data: {
                /** @description The whole message in one sentence. */
                summary: string;
                workspace: {
                    id: string;
                    name: string;
                };
                /** @description The first 20, by when they were opened. */
                alerts: {
                    id: string;
                    /**
                     * @description The rule that opened it.
                     * @enum {string}
                     */
                    kind: "run_failed" | "error_rate" | "consecutive_failures" | "run_late" | "run_stuck" | "row_count_spike" | "row_count_drop" | "error_rate_increase" | "duration_increase" | "deletes_held" | "counter_mismatch" | "schedule_paused";
                    /** @enum {string} */
                    severity: "warning" | "critical";
                    sync: {
                        id: string;
                        name: string;
                    };
                    /** @example Users → CRM failed: Destination authentication expired */
                    sentence: string;
                    /** @description What to do, most useful first. */
                    advice: string[];
                    /** @description Where it lies, so far as that is known. */
                    about: {
                        /** @enum {string} */
                        kind: "source" | "model" | "destination";
                        id: string;
                        name: string;
                    } | null;
                    occurrences: number;
                    /** Format: date-time */
                    opened_at: string;
                    /** Format: date-time */
                    last_seen_at: string;
                    resolved_at: string | null;
                    /** @description The run that ended it; null: none did, or it goes on. */
                    resolved_run: {
                        id: string;
                        /** @enum {string} */
                        status: "queued" | "running" | "completed" | "failed" | "cancelled";
                        outcome: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial") | null;
                        /** @enum {string} */
                        trigger: "schedule" | "manual" | "api";
                        started_at: string | null;
                        completed_at: string | null;
                        duration_ms: number | null;
                        rows_processed: number;
                        rows_created: number;
                        rows_updated: number;
                        rows_deleted: number;
                        rows_failed: number;
                        failure: {
                            /** @enum {string} */
                            code: "source_connection_failed" | "model_query_failed" | "out_of_memory" | "destination_auth_expired" | "destination_unreachable" | "destination_misconfigured" | "rate_limit_exceeded" | "snapshot_lost" | "retry_scope_lost" | "terminated_by_operator" | "timed_out" | "internal";
                            message: string;
                        } | null;
                        links: {
                            /** @description The run, over the API. */
                            run: string;
                            /** @description Its row errors. */
                            errors: string;
                            /** @description Its page in the Temporal Web UI. */
                            temporal: string | null;
                        } | null;
                    } | null;
                    resolved_by_hand: boolean;
                    /** @description Of rules with a measure: rows, a share of 0 to 1, milliseconds, or a number of runs. */
                    observed: number | null;
                    /** @description What it was expected to be, or the threshold. */
                    expected: number | null;
                    /** @description Of `run_late`: from which slot on nothing came. */
                    due_at: string | null;
                    /** @description The run it was last seen at. */
                    run: {
                        id: string;
                        /** @enum {string} */
                        status: "queued" | "running" | "completed" | "failed" | "cancelled";
                        outcome: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial") | null;
                        /** @enum {string} */
                        trigger: "schedule" | "manual" | "api";
                        started_at: string | null;
                        completed_at: string | null;
                        duration_ms: number | null;
                        rows_processed: number;
                        rows_created: number;
                        rows_updated: number;
                        rows_deleted: number;
                        rows_failed: number;
                        failure: {
                            /** @enum {string} */
                            code: "source_connection_failed" | "model_query_failed" | "out_of_memory" | "destination_auth_expired" | "destination_unreachable" | "destination_misconfigured" | "rate_limit_exceeded" | "snapshot_lost" | "retry_scope_lost" | "terminated_by_operator" | "timed_out" | "internal";
                            message: string;
                        } | null;
                    } | null;
                    /** @description Where one can look at `run`. */
                    links: {
                        /** @description The run, over the API. */
                        run: string;
                        /** @description Its row errors. */
                        errors: string;
                        /** @description Its page in the Temporal Web UI. */
                        temporal: string | null;
                    } | null;
                }[];
                /** @description How many it is about, those named included. */
                alert_count: number;
            };
        };
        AlertResolvedV1: {
            /** @constant */
            type: "alert.resolved.v1";
            /**
             * Format: date-time
             * @description When the message was made; the same at every attempt.
             */
            timestamp: string;
            data: {
                /** @description The whole message in one sentence. */
                summary: string;
                workspace: {
                    id: string;
                    name: string;
                };
                /** @description The first 20, by when they were opened. */
                alerts: {
                    id: string;
                    /**
                     * @description The rule that opened it.
                     * @enum {string}
                     */
                    kind: "run_failed" | "error_rate" | "consecutive_failures" | "run_late" | "run_stuck" | "row_count_spike" | "row_count_drop" | "error_rate_increase" | "duration_increase" | "deletes_held" | "counter_mismatch" | "schedule_paused";
                    /** @enum {string} */
                    severity: "warning" | "critical";
                    sync: {
                        id: string;
                        name: string;
                    };
                    /** @example Users → CRM failed: Destination authentication expired */
                    sentence: string;
                    /** @description What to do, most useful first. */
                    advice: string[];
                    /** @description Where it lies, so far as that is known. */
                    about: {
                        /** @enum {string} */
                        kind: "source" | "model" | "destination";
                        id: string;
                        name: string;
                    } | null;
                    occurrences: number;
                    /** Format: date-time */
                    opened_at: string;
                    /** Format: date-time */
                    last_seen_at: string;
                    resolved_at: string | null;
                    /** @description The run that ended it; null: none did, or it goes on. */
                    resolved_run: {
                        id: string;
                        /** @enum {string} */
                        status: "queued" | "running" | "completed" | "failed" | "cancelled";
                        outcome: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial") | null;
                        /** @enum {string} */
                        trigger: "schedule" | "manual" | "api";
                        started_at: string | null;
                        completed_at: string | null;
                        duration_ms: number | null;
                        rows_processed: number;
                        rows_created: number;
                        rows_updated: number;
                        rows_deleted: number;
                        rows_failed: number;
                        failure: {
                            /** @enum {string} */
                            code: "source_connection_failed" | "model_query_failed" | "out_of_memory" | "destination_auth_expired" | "destination_unreachable" | "destination_misconfigured" | "rate_limit_exceeded" | "snapshot_lost" | "retry_scope_lost" | "terminated_by_operator" | "timed_out" | "internal";
                            message: string;
                        } | null;
                        links: {
                            /** @description The run, over the API. */
                            run: string;
                            /** @description Its row errors. */
                            errors: string;
                            /** @description Its page in the Temporal Web UI. */
                            temporal: string | null;
                        } | null;
                    } | null;
                    resolved_by_hand: boolean;
                    /** @description Of rules with a measure: rows, a share of 0 to 1, milliseconds, or a number of runs. */
                    observed: number | null;
                    /** @description What it was expected to be, or the threshold. */
                    expected: number | null;
                    /** @description Of `run_late`: from which slot on nothing came. */
                    due_at: string | null;
                    /** @description The run it was last seen at. */
                    run: {
                        id: string;
                        /** @enum {string} */
                        status: "queued" | "running" | "completed" | "failed" | "cancelled";
                        outcome: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial") | null;
                        /** @enum {string} */
                        trigger: "schedule" | "manual" | "api";
                        started_at: string | null;
                        completed_at: string | null;
                        duration_ms: number | null;
                        rows_processed: number;
                        rows_created: number;
                        rows_updated: number;
                        rows_deleted: number;
                        rows_failed: number;
                        failure: {
                            /** @enum {string} */
                            code: "source_connection_failed" | "model_query_failed" | "out_of_memory" | "destination_auth_expired" | "destination_unreachable" | "destination_misconfigured" | "rate_limit_exceeded" | "snapshot_lost" | "retry_scope_lost" | "terminated_by_operator" | "timed_out" | "internal";
                            message: string;
                        } | null;
                    } | null;
                    /** @description Where one can look at `run`. */
                    links: {
                        /** @description The run, over the API. */
                        run: string;
                        /** @description Its row errors. */
                        errors: string;
                        /** @description Its page in the Temporal Web UI. */
                        temporal: string | null;
                    } | null;
                }[];
                /** @description How many it is about, those named included. */
                alert_count: number;
            };
        };
        SyncRunCompletedV1: {
            /** @constant */
            type: "sync_run.completed.v1";
            /**
             * Format: date-time
             * @description When the message was made; the same at every attempt.
             */
            timestamp: string;
            data: {
                /** @description The whole message in one sentence. */
                summary: string;
                workspace: {
                    id: string;
                    name: string;
                };
                run: {
                    id: string;
                    /** @enum {string} */
                    status: "queued" | "running" | "completed" | "failed" | "cancelled";
                    outcome: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial") | null;
                    /** @enum {string} */
                    trigger: "schedule" | "manual" | "api";
                    started_at: string | null;
                    completed_at: string | null;
                    duration_ms: number | null;
                    rows_processed: number;
                    rows_created: number;
                    rows_updated: number;
                    rows_deleted: number;
                    rows_failed: number;
                    failure: {
                        /** @enum {string} */
                        code: "source_connection_failed" | "model_query_failed" | "out_of_memory" | "destination_auth_expired" | "destination_unreachable" | "destination_misconfigured" | "rate_limit_exceeded" | "snapshot_lost" | "retry_scope_lost" | "terminated_by_operator" | "timed_out" | "internal";
                        message: string;
                    } | null;
                    sync: {
                        id: string;
                        name: string;
                    };
                    links: {
                        /** @description The run, over the API. */
                        run: string;
                        /** @description Its row errors. */
                        errors: string;
                        /** @description Its page in the Temporal Web UI. */
                        temporal: string | null;
                    } | null;
                };
            };
        };
        ChannelDisabledV1: {
            /** @constant */
            type: "channel.disabled.v1";
            /**
             * Format: date-time
             * @description When the message was made; the same at every attempt.
             */
            timestamp: string;
            data: {
                /** @description The whole message in one sentence. */
                summary: string;
                workspace: {
                    id: string;
                    name: string;
                };
                channel: {
                    id: string;
                    name: string;
                    reason: string;
                };
            };
        };
        ChannelTestV1: {
            /** @constant */
            type: "channel.test.v1";
            /**
             * Format: date-time
             * @description When the message was made; the same at every attempt.
             */
            timestamp: string;
            data: {
                /** @description The whole message in one sentence. */
                summary: string;
                workspace: {
                    id: string;
                    name: string;
                };
            };
        };
        /** @description A database models are read from. */
        Source: {
            id: string;
            name: string;
            /** @constant */
            kind: "postgres";
            config: {
                host: string;
                port: number;
                database: string;
                user: string;
                sslmode?: string;
            };
            /** @description Secrets can be written and never read: only whether there are any. */
            secrets: {
                configured: boolean;
            };
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            updated_by: {
                id: string;
                name: string;
            } | null;
        };
        /**
         * @description What a worker saw when it looked. A check that fails is an answer like any other, with `ok` false.
         * @example {
         *       "ok": false,
         *       "checks": [
         *         {
         *           "name": "connection",
         *           "ok": false,
         *           "detail": "Source connection failed: timeout"
         *         }
         *       ],
         *       "duration_ms": 10012
         *     }
         */
        Check: {
            /** @description Whether all of the checks are. */
            ok: boolean;
            checks: {
                /** @description A stable name: `connection`, `query`, … */
                name: string;
                ok: boolean;
                /** @description What was seen, in words. */
                detail: string;
            }[];
            /** @description How long a worker was at it. */
            duration_ms: number;
        };
        /** @description The first rows of a query that need not be stored. */
        ModelPreview: {
            /** @description Columns of the result, in order, with the source’s names of their types. */
            columns: {
                name: string;
                type: string;
            }[];
            /** @description The first rows, values as text in the order of the columns; null is null. */
            rows: (string | null)[][];
            /** @description Values of which only the beginning is shown, by row (from 0) and column, with their whole size. */
            cut: {
                row: number;
                column: string;
                bytes: number;
            }[];
            /** @description Whether the model has rows that are not among these. */
            has_more: boolean;
            /** @description Rows (from 0) among these that a run would refuse for their row key. */
            row_key_problems: {
                row: number;
                /** @enum {string} */
                code: "null_key" | "duplicate_key";
            }[];
            duration_ms: number;
        };
        /** @description A version of a model as in lists. */
        ListedModelVersion: {
            version: number;
            sql: string;
            /** @description The columns that name a row. */
            row_key: string[];
            /** @description Columns of the result, in order, with the source’s names of their types. */
            columns: {
                name: string;
                type: string;
            }[];
            /** @description What is different from the version before; null of the first. */
            changes: {
                sql: boolean;
                row_key: boolean;
                columns_added: string[];
                columns_removed: string[];
                columns_retyped: string[];
            } | null;
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /**
             * @description JSON pointers to texts and arrays that are longer than a list shows: of them only the beginning is here. Read by its id, the object has all of it.
             * @example [
             *       "/sql"
             *     ]
             */
            cut?: string[];
        };
        /** @description What a model held from one change to the next. */
        ModelVersion: {
            version: number;
            sql: string;
            /** @description The columns that name a row. */
            row_key: string[];
            /** @description Columns of the result, in order, with the source’s names of their types. */
            columns: {
                name: string;
                type: string;
            }[];
            /** @description What is different from the version before; null of the first. */
            changes: {
                sql: boolean;
                row_key: boolean;
                columns_added: string[];
                columns_removed: string[];
                columns_retyped: string[];
            } | null;
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
        };
        /** @description A model as in lists. */
        ListedModel: {
            id: string;
            name: string;
            source_id: string;
            sql: string;
            /** @description The columns that name a row. */
            row_key: string[];
            /** @description Columns of the result, in order, with the source’s names of their types. */
            columns: {
                name: string;
                type: string;
            }[];
            /** @description Counts its contents: SQL, row key, columns. A run pins one. */
            version: number;
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            updated_by: {
                id: string;
                name: string;
            } | null;
            /**
             * @description JSON pointers to texts and arrays that are longer than a list shows: of them only the beginning is here. Read by its id, the object has all of it.
             * @example [
             *       "/sql"
             *     ]
             */
            cut?: string[];
        };
        /** @description One SQL query over a source, and the columns that are its row key. */
        Model: {
            id: string;
            name: string;
            source_id: string;
            sql: string;
            /** @description The columns that name a row. */
            row_key: string[];
            /** @description Columns of the result, in order, with the source’s names of their types. */
            columns: {
                name: string;
                type: string;
            }[];
            /** @description Counts its contents: SQL, row key, columns. A run pins one. */
            version: number;
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            updated_by: {
                id: string;
                name: string;
            } | null;
        };
        /** @description What rows are written to: a database or an HTTP API. */
        Destination: components["schemas"]["PostgresDestination"] | components["schemas"]["HttpDestination"];
        PostgresDestination: {
            id: string;
            name: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "postgres";
            config: {
                host: string;
                port: number;
                database: string;
                user: string;
                sslmode?: string;
                /** @description Runs of up to this many changes are applied all or nothing. */
                atomic_rows: number;
                /** @description Batches written at once, each on a connection. */
                lanes: number;
            };
            /** @description Secrets can be written and never read: only whether there are any. */
            secrets: {
                configured: boolean;
            };
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            updated_by: {
                id: string;
                name: string;
            } | null;
        };
        HttpDestination: {
            id: string;
            name: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "http";
            config: {
                url: string;
                /** @enum {string} */
                method: "POST" | "PUT" | "PATCH";
                delete_url: string | null;
                /** @enum {string} */
                delete_method: "POST" | "PUT" | "PATCH" | "DELETE";
                batch_rows: number;
                concurrency: number;
                timeout_seconds: number;
                rows_per_second: number | null;
                requests_per_second: number | null;
                headers: {
                    [key: string]: string;
                };
                request: {
                    rows_field: string | null;
                    operation_field: string | null;
                };
                response: {
                    results_field: string | null;
                    match_by: ("index" | "key") | null;
                    key_field?: string[] | null;
                    status_field: string | null;
                    created_values: string[];
                    updated_values: string[];
                    deleted_values: string[];
                    skipped_values: string[];
                    errors_field: string | null;
                    message_field: string | null;
                    field_field: string | null;
                    code_field: string | null;
                } | null;
            };
            /** @description Secrets can be written and never read: only whether there are any. */
            secrets: {
                configured: boolean;
            };
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            updated_by: {
                id: string;
                name: string;
            } | null;
        };
        /** @description A sync as in lists. */
        ListedSync: {
            id: string;
            name: string;
            model_id: string;
            destination_id: string;
            /** @enum {string} */
            mode: "upsert" | "insert" | "update" | "mirror";
            mapping: {
                column: string;
                field: string;
            }[];
            /** @description The table of a database; empty for an HTTP API. */
            object: {
                schema?: string;
                table?: string;
            };
            settings: components["schemas"]["SyncSettings"];
            /**
             * @description What becomes of a slot that finds a run active.
             * @enum {string}
             */
            overlap_policy: "queue_one" | "queue_all" | "skip";
            /** @description Null: it runs only when it is triggered. */
            schedule: components["schemas"]["Cadence"] | null;
            paused: components["schemas"]["Pause"] | null;
            version: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            updated_by: {
                id: string;
                name: string;
            } | null;
            /**
             * @description JSON pointers to texts and arrays that are longer than a list shows: of them only the beginning is here. Read by its id, the object has all of it.
             * @example [
             *       "/sql"
             *     ]
             */
            cut?: string[];
        };
        SyncSettings: {
            /** @enum {string} */
            key_match: "exact" | "lower";
            budget_seconds: number;
            patience_seconds: number;
            query_timeout_seconds: number;
            max_rows: number | null;
            stuck_after_seconds: number;
            /**
             * @description What row errors tell of the values of their rows. `keep`: they are as they were. `mask`: letters are `x`, digits `0`, and messages are without the values of their row. `omit`: `raw_value` is null, and messages are without anything that could be a value.
             * @enum {string}
             */
            raw_values: "keep" | "mask" | "omit";
            /** @description Days after the end of a run at which its row errors lose their values, whatever it ran with: `raw_value` is null, and messages are without that value and without anything else that could be one; null: not before they are removed. */
            raw_value_days: number | null;
        };
        Cadence: {
            /**
             * @description In words.
             * @example Every 15 minutes
             */
            cadence: string;
            interval_seconds: number | null;
            cron: string | null;
            time_zone: string;
            jitter_seconds: number;
            catch_up_seconds: number;
        };
        Pause: {
            /** Format: date-time */
            at: string;
            note: string | null;
        };
        SyncDetail: {
            id: string;
            name: string;
            model_id: string;
            destination_id: string;
            /** @enum {string} */
            mode: "upsert" | "insert" | "update" | "mirror";
            mapping: {
                column: string;
                field: string;
            }[];
            /** @description The table of a database; empty for an HTTP API. */
            object: {
                schema?: string;
                table?: string;
            };
            settings: components["schemas"]["SyncSettings"];
            /**
             * @description What becomes of a slot that finds a run active.
             * @enum {string}
             */
            overlap_policy: "queue_one" | "queue_all" | "skip";
            /** @description Null: it runs only when it is triggered. */
            schedule: components["schemas"]["Cadence"] | null;
            paused: components["schemas"]["Pause"] | null;
            version: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            updated_by: {
                id: string;
                name: string;
            } | null;
            /** @description Its newest run; null: it has never run. */
            last_run: components["schemas"]["Run"] | null;
        };
        /**
         * @description One execution of a sync.
         * @example {
         *       "id": "run_abc123",
         *       "sync_id": "sync_xyz789",
         *       "status": "completed",
         *       "trigger": "schedule",
         *       "started_at": "2025-01-15T09:00:00Z",
         *       "completed_at": "2025-01-15T09:04:23Z",
         *       "duration_seconds": 263,
         *       "rows_processed": 15432,
         *       "rows_created": 1205,
         *       "rows_updated": 13891,
         *       "rows_deleted": 0,
         *       "rows_failed": 336,
         *       "outcome": "with_row_errors",
         *       "kind": "normal",
         *       "rows_skipped": 0,
         *       "rows_unchanged": 0,
         *       "rows_not_attempted": 0,
         *       "rows_unknown": 0,
         *       "queued_at": "2025-01-15T08:59:59Z",
         *       "retry_of": null,
         *       "retry_scope": null,
         *       "failure": null,
         *       "triggered_by": null,
         *       "triggered_by_name": null
         *     }
         */
        Run: {
            id: string;
            sync_id: string;
            /** @enum {string} */
            status: "queued" | "running" | "completed" | "failed" | "cancelled";
            /**
             * @description What initiated the run.
             * @enum {string}
             */
            trigger: "schedule" | "manual" | "api";
            started_at: string | null;
            completed_at: string | null;
            duration_seconds: number | null;
            /** @description Rows read from the model. */
            rows_processed: number;
            rows_created: number;
            rows_updated: number;
            rows_deleted: number;
            /** @description Rows that were refused, each with a row error. */
            rows_failed: number;
            /** @description The finer truth; null until the run has ended. */
            outcome: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial") | null;
            /** @enum {string} */
            kind: "normal" | "full_resync" | "dry_run";
            /** @description Rows that were deliberately not sent. */
            rows_skipped: number;
            /** @description Rows that are as the destination last accepted them. */
            rows_unchanged: number;
            /** @description Rows planned and never sent. */
            rows_not_attempted: number;
            /** @description Rows sent and never answered. */
            rows_unknown: number;
            /** Format: date-time */
            queued_at: string;
            /** @description The run it retries. */
            retry_of: string | null;
            retry_scope: ("all" | "failed" | "not_attempted") | null;
            /** @description Why the whole run was given up. */
            failure: {
                /** @enum {string} */
                code: "source_connection_failed" | "model_query_failed" | "out_of_memory" | "destination_auth_expired" | "destination_unreachable" | "destination_misconfigured" | "rate_limit_exceeded" | "snapshot_lost" | "retry_scope_lost" | "terminated_by_operator" | "timed_out" | "internal";
                /** @example Source connection failed: timeout */
                message: string;
                /** @enum {string} */
                origin: "source" | "model" | "destination" | "operator" | "platform";
                /** @description Whether waiting may cure it. */
                retryable: boolean;
            } | null;
            /** @description Id of the token that asked for it. */
            triggered_by: string | null;
            triggered_by_name: string | null;
        };
        /** @description Who changed what of a sync, and when. */
        SyncVersion: {
            version: number;
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /** @description What is different from the version before; null of the first. */
            changes: {
                values: {
                    /** @example settings.patience_seconds */
                    member: string;
                    before: string | number | null;
                    after: string | number | null;
                }[];
                mapping: {
                    added: {
                        column: string;
                        field: string;
                    }[];
                    removed: {
                        column: string;
                        field: string;
                    }[];
                    /** @description Columns that are written to another field. */
                    changed: {
                        column: string;
                        from: string;
                        to: string;
                    }[];
                };
            } | null;
            /**
             * @description JSON pointers to texts and arrays that are longer than a list shows: of them only the beginning is here. Read by its id, the object has all of it.
             * @example [
             *       "/sql"
             *     ]
             */
            cut?: string[];
        };
        /** @description What a sync held from one change to the next. A run pins one. */
        SyncVersionDetail: {
            version: number;
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /** @description What is different from the version before; null of the first. */
            changes: {
                values: {
                    /** @example settings.patience_seconds */
                    member: string;
                    before: string | number | null;
                    after: string | number | null;
                }[];
                mapping: {
                    added: {
                        column: string;
                        field: string;
                    }[];
                    removed: {
                        column: string;
                        field: string;
                    }[];
                    /** @description Columns that are written to another field. */
                    changed: {
                        column: string;
                        from: string;
                        to: string;
                    }[];
                };
            } | null;
            /** @enum {string} */
            mode: "upsert" | "insert" | "update" | "mirror";
            mapping: {
                column: string;
                field: string;
            }[];
            /** @description The table of a database; empty for an HTTP API. */
            object: {
                schema?: string;
                table?: string;
            };
            settings: components["schemas"]["SyncSettings"];
        };
        Schedule: {
            /**
             * @description In words.
             * @example Every 15 minutes
             */
            cadence: string;
            interval_seconds: number | null;
            cron: string | null;
            time_zone: string;
            jitter_seconds: number;
            catch_up_seconds: number;
            /**
             * @description What becomes of a slot that finds a run active.
             * @enum {string}
             */
            overlap_policy: "queue_one" | "queue_all" | "skip";
            paused: components["schemas"]["Pause"] | null;
            /** @description Whether Temporal has the newest form of it. */
            applied: boolean;
            /** @description The next fire times, from Temporal; null: it does not answer. */
            next: string[] | null;
            /** @enum {string} */
            temporal: "available" | "unavailable";
            last_slots: components["schemas"]["Slot"][];
            slots_missed: number;
        };
        Slot: {
            slot_at: string | null;
            /** @enum {string} */
            outcome: "run" | "skipped";
            run: {
                id: string;
                /** @enum {string} */
                status: "queued" | "running" | "completed" | "failed" | "cancelled";
            } | null;
            /** @description Why it became no run. */
            reason: string | null;
            blocking_run: string | null;
        };
        Sync: {
            id: string;
            name: string;
            model_id: string;
            destination_id: string;
            /** @enum {string} */
            mode: "upsert" | "insert" | "update" | "mirror";
            mapping: {
                column: string;
                field: string;
            }[];
            /** @description The table of a database; empty for an HTTP API. */
            object: {
                schema?: string;
                table?: string;
            };
            settings: components["schemas"]["SyncSettings"];
            /**
             * @description What becomes of a slot that finds a run active.
             * @enum {string}
             */
            overlap_policy: "queue_one" | "queue_all" | "skip";
            /** @description Null: it runs only when it is triggered. */
            schedule: components["schemas"]["Cadence"] | null;
            paused: components["schemas"]["Pause"] | null;
            version: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            updated_by: {
                id: string;
                name: string;
            } | null;
        };
        SyncEvent: {
            id: number;
            /** Format: date-time */
            at: string;
            /** @example slot_skipped */
            type: string;
            detail: {
                [key: string]: unknown;
            };
        };
        LaunchedRun: {
            id: string;
            sync_id: string;
            /** @enum {string} */
            status: "queued" | "running" | "completed" | "failed" | "cancelled";
            /**
             * @description What initiated the run.
             * @enum {string}
             */
            trigger: "schedule" | "manual" | "api";
            started_at: string | null;
            completed_at: string | null;
            duration_seconds: number | null;
            /** @description Rows read from the model. */
            rows_processed: number;
            rows_created: number;
            rows_updated: number;
            rows_deleted: number;
            /** @description Rows that were refused, each with a row error. */
            rows_failed: number;
            /** @description The finer truth; null until the run has ended. */
            outcome: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial") | null;
            /** @enum {string} */
            kind: "normal" | "full_resync" | "dry_run";
            /** @description Rows that were deliberately not sent. */
            rows_skipped: number;
            /** @description Rows that are as the destination last accepted them. */
            rows_unchanged: number;
            /** @description Rows planned and never sent. */
            rows_not_attempted: number;
            /** @description Rows sent and never answered. */
            rows_unknown: number;
            /** Format: date-time */
            queued_at: string;
            /** @description The run it retries. */
            retry_of: string | null;
            retry_scope: ("all" | "failed" | "not_attempted") | null;
            /** @description Why the whole run was given up. */
            failure: {
                /** @enum {string} */
                code: "source_connection_failed" | "model_query_failed" | "out_of_memory" | "destination_auth_expired" | "destination_unreachable" | "destination_misconfigured" | "rate_limit_exceeded" | "snapshot_lost" | "retry_scope_lost" | "terminated_by_operator" | "timed_out" | "internal";
                /** @example Source connection failed: timeout */
                message: string;
                /** @enum {string} */
                origin: "source" | "model" | "destination" | "operator" | "platform";
                /** @description Whether waiting may cure it. */
                retryable: boolean;
            } | null;
            /** @description Id of the token that asked for it. */
            triggered_by: string | null;
            triggered_by_name: string | null;
            note: string | null;
            /** @description Nominal time of the slot of a scheduled run. */
            slot_at: string | null;
            allow_deletes: boolean;
            cancel_requested_at: string | null;
            summary: {
                total_rows: number;
                created: number;
                updated: number;
                deleted: number;
                failed: number;
                skipped: number;
                unchanged: number;
                not_attempted: number;
                unknown: number;
                planned_deletes: number;
                /** @description Rows the counters do not account for; other than 0 is a bug. */
                counter_mismatch: number;
            };
            phases: {
                /** @enum {string} */
                phase: "query" | "change_detection" | "destination_writes" | "finalization";
                /** Format: date-time */
                started_at: string;
                ended_at: string | null;
                duration_ms: number | null;
                /** @description Tries of this phase; more than one after a crash or trouble. */
                attempts: number;
                /** @description Part of it spent waiting out limits and outages. */
                waited_ms: number;
            }[];
            performance: {
                total_ms: number | null;
                query_ms: number | null;
                /** @description Everything but the query. */
                processing_ms: number | null;
                change_detection_ms: number | null;
                destination_writes_ms: number | null;
                finalization_ms: number | null;
                /** @description Calls to the destination. */
                api_call_ms: {
                    count: number;
                    p50: number | null;
                    p95: number | null;
                };
            };
            /** @description While the run is running. */
            progress: {
                phase: ("query" | "change_detection" | "destination_writes" | "finalization") | null;
                rows_read: number | null;
                rows_planned: number | null;
                rows_answered: number;
                rows_per_second: number | null;
                waiting_for: {
                    reason: string;
                    /** Format: date-time */
                    since: string;
                    until: string | null;
                } | null;
                last_heartbeat_at: string | null;
            } | null;
            /** @description While the run is queued. */
            queue: {
                /** @description 1 is the next run; 0: it is its turn. */
                position: number;
                ahead_run_id: string | null;
                holder_run_id: string | null;
            } | null;
            configuration: {
                sync_version: number | null;
                model_version: number | null;
                changed_since_previous: {
                    /** @description The last run before this one that had started. */
                    previous_run_id: string;
                    /** @description The parts of the configuration that differ. */
                    members: ("mode" | "mapping" | "object" | "settings.key_match" | "settings.budget_seconds" | "settings.patience_seconds" | "settings.query_timeout_seconds" | "settings.max_rows" | "settings.stuck_after_seconds" | "settings.raw_values" | "settings.raw_value_days" | "sql" | "row_key" | "columns")[];
                    mapping: {
                        added: {
                            column: string;
                            field: string;
                        }[];
                        removed: {
                            column: string;
                            field: string;
                        }[];
                        changed: {
                            column: string;
                            from: string;
                            to: string;
                        }[];
                        reordered: boolean;
                    };
                    sql_changed: boolean;
                    row_key_changed: boolean;
                } | null;
            };
            /** @description Since when its row errors are removed for their age; its counters stay. */
            row_errors_removed_at: string | null;
            /** @description Since when its row errors are without the values of their rows, as the sync’s `raw_value_days` has it. */
            raw_values_removed_at: string | null;
            links: {
                self: string;
                errors: string;
                events: string;
                /** @description Its page in the Temporal Web UI. */
                temporal: string | null;
                previous: string | null;
                next: string | null;
                /** @description To be posted to, once the run has ended; null of a deleted sync. */
                retry: string | null;
                /** @description To be posted to, until the run has ended. */
                cancel: string | null;
            };
            /**
             * @description Whether it starts at once or waits for its turn.
             * @enum {string}
             */
            state: "started" | "queued";
        };
        RunList: {
            data: components["schemas"]["Run"][];
            /**
             * @description Numbered pages have a total; a walk, asked for with `cursor`, has cursors and counts nothing.
             * @example {
             *       "page": 1,
             *       "per_page": 20,
             *       "total": 156
             *     }
             */
            pagination: {
                page: number;
                per_page: number;
                total: number;
            } | {
                per_page: number;
                next_cursor: string | null;
                prev_cursor: string | null;
            };
        };
        /** @description A run with its phases, performance, progress, and the configuration it ran with. */
        RunDetail: {
            id: string;
            sync_id: string;
            /** @enum {string} */
            status: "queued" | "running" | "completed" | "failed" | "cancelled";
            /**
             * @description What initiated the run.
             * @enum {string}
             */
            trigger: "schedule" | "manual" | "api";
            started_at: string | null;
            completed_at: string | null;
            duration_seconds: number | null;
            /** @description Rows read from the model. */
            rows_processed: number;
            rows_created: number;
            rows_updated: number;
            rows_deleted: number;
            /** @description Rows that were refused, each with a row error. */
            rows_failed: number;
            /** @description The finer truth; null until the run has ended. */
            outcome: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial") | null;
            /** @enum {string} */
            kind: "normal" | "full_resync" | "dry_run";
            /** @description Rows that were deliberately not sent. */
            rows_skipped: number;
            /** @description Rows that are as the destination last accepted them. */
            rows_unchanged: number;
            /** @description Rows planned and never sent. */
            rows_not_attempted: number;
            /** @description Rows sent and never answered. */
            rows_unknown: number;
            /** Format: date-time */
            queued_at: string;
            /** @description The run it retries. */
            retry_of: string | null;
            retry_scope: ("all" | "failed" | "not_attempted") | null;
            /** @description Why the whole run was given up. */
            failure: {
                /** @enum {string} */
                code: "source_connection_failed" | "model_query_failed" | "out_of_memory" | "destination_auth_expired" | "destination_unreachable" | "destination_misconfigured" | "rate_limit_exceeded" | "snapshot_lost" | "retry_scope_lost" | "terminated_by_operator" | "timed_out" | "internal";
                /** @example Source connection failed: timeout */
                message: string;
                /** @enum {string} */
                origin: "source" | "model" | "destination" | "operator" | "platform";
                /** @description Whether waiting may cure it. */
                retryable: boolean;
            } | null;
            /** @description Id of the token that asked for it. */
            triggered_by: string | null;
            triggered_by_name: string | null;
            note: string | null;
            /** @description Nominal time of the slot of a scheduled run. */
            slot_at: string | null;
            allow_deletes: boolean;
            cancel_requested_at: string | null;
            summary: {
                total_rows: number;
                created: number;
                updated: number;
                deleted: number;
                failed: number;
                skipped: number;
                unchanged: number;
                not_attempted: number;
                unknown: number;
                planned_deletes: number;
                /** @description Rows the counters do not account for; other than 0 is a bug. */
                counter_mismatch: number;
            };
            phases: {
                /** @enum {string} */
                phase: "query" | "change_detection" | "destination_writes" | "finalization";
                /** Format: date-time */
                started_at: string;
                ended_at: string | null;
                duration_ms: number | null;
                /** @description Tries of this phase; more than one after a crash or trouble. */
                attempts: number;
                /** @description Part of it spent waiting out limits and outages. */
                waited_ms: number;
            }[];
            performance: {
                total_ms: number | null;
                query_ms: number | null;
                /** @description Everything but the query. */
                processing_ms: number | null;
                change_detection_ms: number | null;
                destination_writes_ms: number | null;
                finalization_ms: number | null;
                /** @description Calls to the destination. */
                api_call_ms: {
                    count: number;
                    p50: number | null;
                    p95: number | null;
                };
            };
            /** @description While the run is running. */
            progress: {
                phase: ("query" | "change_detection" | "destination_writes" | "finalization") | null;
                rows_read: number | null;
                rows_planned: number | null;
                rows_answered: number;
                rows_per_second: number | null;
                waiting_for: {
                    reason: string;
                    /** Format: date-time */
                    since: string;
                    until: string | null;
                } | null;
                last_heartbeat_at: string | null;
            } | null;
            /** @description While the run is queued. */
            queue: {
                /** @description 1 is the next run; 0: it is its turn. */
                position: number;
                ahead_run_id: string | null;
                holder_run_id: string | null;
            } | null;
            configuration: {
                sync_version: number | null;
                model_version: number | null;
                changed_since_previous: {
                    /** @description The last run before this one that had started. */
                    previous_run_id: string;
                    /** @description The parts of the configuration that differ. */
                    members: ("mode" | "mapping" | "object" | "settings.key_match" | "settings.budget_seconds" | "settings.patience_seconds" | "settings.query_timeout_seconds" | "settings.max_rows" | "settings.stuck_after_seconds" | "settings.raw_values" | "settings.raw_value_days" | "sql" | "row_key" | "columns")[];
                    mapping: {
                        added: {
                            column: string;
                            field: string;
                        }[];
                        removed: {
                            column: string;
                            field: string;
                        }[];
                        changed: {
                            column: string;
                            from: string;
                            to: string;
                        }[];
                        reordered: boolean;
                    };
                    sql_changed: boolean;
                    row_key_changed: boolean;
                } | null;
            };
            /** @description Since when its row errors are removed for their age; its counters stay. */
            row_errors_removed_at: string | null;
            /** @description Since when its row errors are without the values of their rows, as the sync’s `raw_value_days` has it. */
            raw_values_removed_at: string | null;
            links: {
                self: string;
                errors: string;
                events: string;
                /** @description Its page in the Temporal Web UI. */
                temporal: string | null;
                previous: string | null;
                next: string | null;
                /** @description To be posted to, once the run has ended; null of a deleted sync. */
                retry: string | null;
                /** @description To be posted to, until the run has ended. */
                cancel: string | null;
            };
        };
        RunEvent: {
            /**
             * @description Grows from event to event; not without gaps
             * @example 4021
             */
            id: number;
            /** Format: date-time */
            at: string;
            /**
             * @description What happened; more words may come
             * @example model_read
             */
            type: string;
            /** @description Counts and reasons, never row data; its keys depend on the type */
            detail: {
                [key: string]: unknown;
            };
        };
        /** @description Numbered pages have a total; a walk, asked for with `cursor`, has cursors and counts nothing. */
        RowErrorList: {
            data: components["schemas"]["RowError"][];
            /** @description How many match, exactly. */
            total_errors: number;
            page: number;
            per_page: number;
        } | {
            data: components["schemas"]["RowError"][];
            pagination: {
                per_page: number;
                next_cursor: string | null;
                prev_cursor: string | null;
            };
        };
        /**
         * @description Why one row was refused; the run went on.
         * @example {
         *       "row_id": "usr_123",
         *       "field": "Email",
         *       "message": "Invalid email format",
         *       "raw_value": "not-an-email",
         *       "code": "INVALID_EMAIL_ADDRESS",
         *       "origin": "destination",
         *       "operation": "update"
         *     }
         */
        RowError: {
            /** @description The row key; several columns are joined with a comma. Null when one of them is null. In lists the first 500 characters of one with more than 2,000 bytes, and an ellipsis; the filter takes either, and the export has all of it. */
            row_id: string | null;
            /** @description The field that caused it, if that is known. */
            field: string | null;
            /** @description As the destination worded it, unless the sync’s `raw_values` has values left out of it. Foreign text: data, never markup. */
            message: string;
            /** @description The value as read from the model, or as much of it as the sync’s `raw_values` lets through. In lists the first 4,000 characters of a longer one, and an ellipsis; the export has all of it. */
            raw_value: string | null;
            /** @description A stable word: ours for rows refused before the destination, else its own. */
            code: string;
            /** @enum {string} */
            origin: "source" | "mapping" | "destination";
            /** @enum {string} */
            operation: "create" | "update" | "delete" | "none";
        };
        RowErrorGroupList: {
            data: components["schemas"]["RowErrorGroup"][];
            pagination: {
                page: number;
                per_page: number;
                total: number;
            };
            total_errors: number;
            /** @description Row errors beyond the thousand largest groups. */
            ungrouped_errors: number;
        };
        /** @description Row errors of a run with the same message, field, code and origin. */
        RowErrorGroup: {
            /** @description Lists the row errors of the group: …/errors?group=<id>. */
            id: string;
            /**
             * @description The message with placeholders for what differs from row to row.
             * @example String exceeds max length (<number>)
             */
            message: string;
            field: string | null;
            code: string;
            /** @enum {string} */
            origin: "source" | "mapping" | "destination";
            /** @description Row errors of the group in this run. */
            count: number;
            /** @description Of all row errors of the run. */
            share: number;
            /** @description The message of its first row, or its first 1,000 characters. */
            sample_message: string;
            /** @description The row keys of its first rows, five at most; long ones cut, as in lists. */
            sample_row_ids: string[];
            /** @description The first run of the sync that is kept and has the group. */
            first_seen: {
                run_id: string;
                started_at: string | null;
            };
            /** @description The last one, which may be later than this run. */
            last_seen: {
                run_id: string;
                started_at: string | null;
            };
            /** @description No earlier run of the sync that is kept has the group. */
            new_in_this_run: boolean;
        };
        /** @description What happened to one row. */
        RowStory: {
            row_id: string;
            /** @description What the sync knows of the row in the destination now. */
            snapshot: {
                /**
                 * @description `acknowledged`: as the destination last accepted it. `unsure`: accepted once, and it may hold something else now. `unsure_new`: never accepted, and it may be there. `missing`: the destination said it does not have it. `absent`: not known.
                 * @enum {string}
                 */
                state: "acknowledged" | "unsure" | "unsure_new" | "missing" | "absent";
            };
            /** @description Runs that had a change of the row. Where it was unchanged, or not in the model, a run has nothing of it. */
            data: {
                run_id: string;
                /** @enum {string} */
                status: "queued" | "running" | "completed" | "failed" | "cancelled";
                outcome: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial") | null;
                /** @enum {string} */
                kind: "normal" | "full_resync" | "dry_run";
                /** @enum {string} */
                trigger: "schedule" | "manual" | "api";
                started_at: string | null;
                completed_at: string | null;
                /** @description What was sent, or was to be sent; null: refused, or given up, before that was known. */
                operation: ("create" | "update" | "delete") | null;
                /**
                 * @description What came back. `unknown`: sent, and never answered. `not_attempted`: the run ended before it was sent. `planned` and `sent`: the run goes on; of a dry run `planned` is all there is.
                 * @enum {string}
                 */
                result: "created" | "updated" | "deleted" | "skipped" | "failed" | "unknown" | "not_attempted" | "planned" | "sent";
                /** @description The destination may hold something else than the result says; a later run sends the row again. */
                unsure: boolean;
                /** @description How often it was handed to the destination. */
                attempts: number | null;
                sent_at: string | null;
                answered_at: string | null;
                /** @description Why it was refused; null also where row errors were removed for their age. */
                error: components["schemas"]["RowError"] | null;
            }[];
            /** @description Runs this part of the story covers. */
            runs_looked_at: number;
            pagination: {
                per_page: number;
                /** @description Goes on with earlier runs; null: all that are kept have been looked at. A part may be empty and go on. */
                next_cursor: string | null;
            };
        };
        /** @description What a row was erased from. Nothing, where it had been before. */
        ErasedRow: {
            /** @description Row errors that named the row, and no longer do. */
            row_errors: number;
            /** @description Parts of the snapshot that held its key. */
            snapshot_parts: number;
        };
        Token: {
            id: string;
            /** @example CI */
            name: string;
            scopes: ("read" | "trigger" | "write" | "admin")[];
            /** @enum {string} */
            status: "active" | "expired" | "revoked";
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /** @description From when on it is refused; null: never. */
            expires_at: string | null;
            /** @description To within ten minutes; null: not yet. */
            last_used_at: string | null;
            revoked_at: string | null;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            revoked_by: {
                id: string;
                name: string;
            } | null;
        };
        NewToken: {
            id: string;
            /** @example CI */
            name: string;
            scopes: ("read" | "trigger" | "write" | "admin")[];
            /** @enum {string} */
            status: "active" | "expired" | "revoked";
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /** @description From when on it is refused; null: never. */
            expires_at: string | null;
            /** @description To within ten minutes; null: not yet. */
            last_used_at: string | null;
            revoked_at: string | null;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            revoked_by: {
                id: string;
                name: string;
            } | null;
            /**
             * @description The secret, shown this once: send it as Authorization: Bearer <token>.
             * @example signalsmith_3d9k0q…
             */
            token: string;
        };
        SyncHealth: {
            /** @enum {string} */
            window: "24h" | "7d" | "30d";
            period: {
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                until: string;
            };
            period_before: {
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                until: string;
            };
            /** @description Runs that ended in the period, whatever their status and kind. */
            total_runs: {
                value: number | null;
                /** @description Of the period before, which is as long. */
                before: number | null;
                /** @description `value` less `before`; null when either is. */
                change: number | null;
                /** @description The change as a share of `before`; null when that is null or 0. */
                change_ratio: number | null;
            };
            /** @description Completed runs as a share of the completed and failed ones. Cancelled and dry runs say nothing of it. */
            success_rate: {
                value: number | null;
                /** @description Of the period before, which is as long. */
                before: number | null;
                /** @description `value` less `before`; null when either is. */
                change: number | null;
                /** @description The change as a share of `before`; null when that is null or 0. */
                change_ratio: number | null;
            };
            /** @description Of completed runs, from start to end; dry runs aside. */
            average_duration_seconds: {
                value: number | null;
                /** @description Of the period before, which is as long. */
                before: number | null;
                /** @description `value` less `before`; null when either is. */
                change: number | null;
                /** @description The change as a share of `before`; null when that is null or 0. */
                change_ratio: number | null;
            };
            /** @description Rows created, updated and deleted in destinations, whatever became of the run afterwards. */
            rows_synced: {
                value: number | null;
                /** @description Of the period before, which is as long. */
                before: number | null;
                /** @description `value` less `before`; null when either is. */
                change: number | null;
                /** @description The change as a share of `before`; null when that is null or 0. */
                change_ratio: number | null;
            };
            /** @description Syncs of which a run failed or was refused rows; dry runs aside. */
            syncs_with_errors: {
                value: number | null;
                /** @description Of the period before, which is as long. */
                before: number | null;
                /** @description `value` less `before`; null when either is. */
                change: number | null;
                /** @description The change as a share of `before`; null when that is null or 0. */
                change_ratio: number | null;
            };
            /** @description The parts of `total_runs`. */
            runs: {
                completed: number;
                failed: number;
                cancelled: number;
                /** @description Whatever their status; they count in none of the others. */
                dry_runs: number;
            };
            /** @description Most failed runs first, then most failed rows. */
            worst_offenders: {
                sync_id: string;
                name: string;
                /** @description Those that ended in the period, dry runs aside. */
                runs: number;
                runs_failed: number;
                rows_failed: number;
                /** @description The newest run that failed or was refused rows. */
                last_run_with_errors: string;
                links: {
                    sync: string;
                    runs: string;
                    trends: string;
                    last_run_with_errors: string;
                };
            }[];
            overdue_schedules: {
                total: number;
                /** @description Those that are due for longest. */
                data: {
                    sync_id: string;
                    name: string;
                    /** @example At 09:00, Monday through Friday (Europe/Berlin) */
                    cadence: string;
                    /**
                     * Format: date-time
                     * @description The first slot of which nothing is known.
                     */
                    due_at: string;
                    late_seconds: number;
                    /** @description The newest slot that became a run. */
                    last_slot_at: string | null;
                    /** @description False: Temporal has not taken the newest form of the schedule. */
                    applied: boolean;
                    links: {
                        sync: string;
                        schedule: string;
                    };
                }[];
            };
            /** @description Alerts that are not resolved now, whenever they were opened. */
            open_alerts: {
                total: number;
                critical: number;
                warning: number;
                /** @description Those of them that somebody is at. */
                acknowledged: number;
            };
        };
        /** @description Series are oldest first. */
        Trends: {
            /** @constant */
            by: "run";
            series: {
                run_id: string;
                /** @enum {string} */
                status: "completed" | "failed" | "cancelled";
                /** @enum {string} */
                outcome: "no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial";
                /** @enum {string} */
                kind: "normal" | "full_resync" | "dry_run";
                /** @enum {string} */
                trigger: "schedule" | "manual" | "api";
                retry_of: string | null;
                /** @description Completed, of the kind normal and no retry: only such runs are judged, and judged by. */
                comparable: boolean;
                started_at: string | null;
                /** Format: date-time */
                completed_at: string;
                rows_processed: number;
                rows_created: number;
                rows_updated: number;
                rows_deleted: number;
                rows_failed: number;
                /** @description Failed rows as a share of those processed; null when none were. */
                error_rate: number | null;
                /** @description Null when it ended before it began. */
                duration_seconds: number | null;
            }[];
            sync_id: string;
            /** @description Of completed runs, dry runs aside; null when there are none. */
            duration_seconds: {
                p50: number | null;
                p95: number | null;
            };
            /** @description Oldest first. */
            anomalies: components["schemas"]["Anomaly"][];
            /** @description Runs before which enough comparable ones lay. */
            judged_runs: number;
            /** @description When the first run ended that could be judged at all; null when there was none. */
            judged_since: string | null;
        } | {
            /** @constant */
            by: "day";
            series: {
                /**
                 * Format: date
                 * @description A day of UTC. The last one is today, as far as it has come.
                 */
                day: string;
                runs: {
                    completed: number;
                    failed: number;
                    cancelled: number;
                };
                rows_processed: number;
                rows_created: number;
                rows_updated: number;
                rows_deleted: number;
                rows_failed: number;
                /** @description Failed rows as a share of those processed; null when none were. */
                error_rate: number | null;
                /** @description Of completed runs, dry runs aside; null when there are none. */
                duration_seconds: {
                    p50: number | null;
                    p95: number | null;
                };
            }[];
            sync_id: string;
            /** @description Of completed runs, dry runs aside; null when there are none. */
            duration_seconds: {
                p50: number | null;
                p95: number | null;
            };
            /** @description Oldest first. */
            anomalies: components["schemas"]["Anomaly"][];
            /** @description Runs before which enough comparable ones lay. */
            judged_runs: number;
            /** @description When the first run ended that could be judged at all; null when there was none. */
            judged_since: string | null;
        };
        Anomaly: {
            /** @enum {string} */
            kind: "row_count_spike" | "row_count_drop" | "error_rate_increase" | "duration_increase";
            run_id: string;
            /** Format: date-time */
            started_at: string;
            /** @description What was expected by the runs before. */
            baseline: number;
            observed: number;
            /** @enum {string} */
            unit: "rows" | "share" | "seconds";
            /** @description How many usual spreads lie between baseline and observed. */
            score: number;
            /** @description Comparable runs that show it one after the other. */
            runs_in_a_row: number;
            /**
             * @example [
             *       "Data deleted from the warehouse",
             *       "A filter change in the model"
             *     ]
             */
            likely_causes: string[];
            links: {
                run: string;
            };
        };
        /** @description What is told, when, and where. */
        AlertRule: {
            /** @enum {string} */
            kind: "run_completed" | "run_failed" | "error_rate" | "consecutive_failures" | "run_late" | "run_stuck" | "row_count_spike" | "row_count_drop" | "error_rate_increase" | "duration_increase" | "deletes_held" | "counter_mismatch" | "schedule_paused";
            /** @description Of the alerts it opens; null: it opens none, and tells each time. */
            severity: ("warning" | "critical") | null;
            enabled: boolean;
            /** @description Those that this rule has, with what holds for each. */
            settings: {
                threshold?: number;
                min_rows?: number;
                failures?: number;
                days?: number;
                remind_hours?: number;
            };
            /** @description Where it is told; null: on all channels. */
            channel_ids: string[] | null;
            /**
             * @description Where it comes from: as everybody has it, or set for the workspace or for the sync.
             * @enum {string}
             */
            source: "default" | "workspace" | "sync";
            updated_at: string | null;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            updated_by: {
                id: string;
                name: string;
            } | null;
        };
        /** @description Where people are told: a Slack channel, or a webhook whose messages are signed. */
        AlertChannel: components["schemas"]["SlackChannel"] | components["schemas"]["WebhookChannel"];
        SlackChannel: {
            id: string;
            /** @example Data on call */
            name: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "slack";
            config: {
                /** @example hooks.slack.com */
                host: string;
            };
            /** @description Secrets can be written and never read: only whether there are any. */
            secrets: {
                configured: boolean;
            };
            /** @description Off, nothing is told there. */
            enabled: boolean;
            /** @description When it was switched off because nothing could be told there any more. */
            disabled_at: string | null;
            /** @description And why; null: it was not, or by a person. */
            disabled_reason: string | null;
            /** @description Since when nothing has been accepted there; null: what came last was. */
            failing_since: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            updated_by: {
                id: string;
                name: string;
            } | null;
        };
        WebhookChannel: {
            id: string;
            /** @example Data on call */
            name: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "webhook";
            config: {
                /** @description Without its query. */
                url: string;
            };
            /** @description Secrets can be written and never read: only whether there are any. */
            secrets: {
                configured: boolean;
            };
            /** @description Off, nothing is told there. */
            enabled: boolean;
            /** @description When it was switched off because nothing could be told there any more. */
            disabled_at: string | null;
            /** @description And why; null: it was not, or by a person. */
            disabled_reason: string | null;
            /** @description Since when nothing has been accepted there; null: what came last was. */
            failing_since: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            updated_by: {
                id: string;
                name: string;
            } | null;
        };
        /** @description Where people are told: a Slack channel, or a webhook whose messages are signed. */
        NewAlertChannel: components["schemas"]["NewSlackChannel"] | components["schemas"]["NewWebhookChannel"];
        NewSlackChannel: {
            id: string;
            /** @example Data on call */
            name: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "slack";
            config: {
                /** @example hooks.slack.com */
                host: string;
            };
            /** @description Secrets can be written and never read: only whether there are any. */
            secrets: {
                configured: boolean;
            };
            /** @description Off, nothing is told there. */
            enabled: boolean;
            /** @description When it was switched off because nothing could be told there any more. */
            disabled_at: string | null;
            /** @description And why; null: it was not, or by a person. */
            disabled_reason: string | null;
            /** @description Since when nothing has been accepted there; null: what came last was. */
            failing_since: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            updated_by: {
                id: string;
                name: string;
            } | null;
        };
        NewWebhookChannel: {
            id: string;
            /** @example Data on call */
            name: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "webhook";
            config: {
                /** @description Without its query. */
                url: string;
            };
            /** @description Secrets can be written and never read: only whether there are any. */
            secrets: {
                configured: boolean;
            };
            /** @description Off, nothing is told there. */
            enabled: boolean;
            /** @description When it was switched off because nothing could be told there any more. */
            disabled_at: string | null;
            /** @description And why; null: it was not, or by a person. */
            disabled_reason: string | null;
            /** @description Since when nothing has been accepted there; null: what came last was. */
            failing_since: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            updated_by: {
                id: string;
                name: string;
            } | null;
            /**
             * @description What messages are signed with, shown this once.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret?: string;
        };
        RotatedChannel: {
            id: string;
            /** @example Data on call */
            name: string;
            /** @constant */
            kind: "webhook";
            config: {
                /** @description Without its query. */
                url: string;
            };
            /** @description Secrets can be written and never read: only whether there are any. */
            secrets: {
                configured: boolean;
            };
            /** @description Off, nothing is told there. */
            enabled: boolean;
            /** @description When it was switched off because nothing could be told there any more. */
            disabled_at: string | null;
            /** @description And why; null: it was not, or by a person. */
            disabled_reason: string | null;
            /** @description Since when nothing has been accepted there; null: what came last was. */
            failing_since: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            created_by: {
                id: string;
                name: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            updated_by: {
                id: string;
                name: string;
            } | null;
            /**
             * @description What messages are signed with, shown this once.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret: string;
            /**
             * Format: date-time
             * @description Until then at the latest messages are signed with the secrets before it, too.
             */
            old_secrets_valid_until: string;
        };
        /** @description What became of a test message. */
        ChannelTest: {
            /** @description Whether the message was accepted. */
            ok: boolean;
            delivery_id: string;
            /** @description Null: there was no answer. */
            http_status: number | null;
            error: string | null;
            /** @description The beginning of it, up to 2 kB. */
            answer: string | null;
            duration_ms: number | null;
        };
        AlertList: {
            data: components["schemas"]["Alert"][];
            /**
             * @description Numbered pages have a total; a walk, asked for with `cursor`, has cursors and counts nothing.
             * @example {
             *       "page": 1,
             *       "per_page": 20,
             *       "total": 156
             *     }
             */
            pagination: {
                page: number;
                per_page: number;
                total: number;
            } | {
                per_page: number;
                next_cursor: string | null;
                prev_cursor: string | null;
            };
        };
        /** @description An incident: at most one is open for each sync and rule. */
        Alert: {
            id: string;
            /**
             * @description The rule that opened it.
             * @enum {string}
             */
            kind: "run_failed" | "error_rate" | "consecutive_failures" | "run_late" | "run_stuck" | "row_count_spike" | "row_count_drop" | "error_rate_increase" | "duration_increase" | "deletes_held" | "counter_mismatch" | "schedule_paused";
            /** @enum {string} */
            severity: "warning" | "critical";
            /** @enum {string} */
            state: "open" | "acknowledged" | "resolved";
            sync: {
                id: string;
                name: string;
            };
            /** @example Users → CRM failed: Destination authentication expired */
            sentence: string;
            /** @description What to do, most useful first. */
            advice: string[];
            /** @description Alerts of one cause are told together. */
            cause: string;
            occurrences: number;
            /** @description Where it lies, so far as that is known. */
            about: {
                /** @enum {string} */
                kind: "source" | "model" | "destination";
                id: string;
                name: string;
            } | null;
            /** @description Of rules with a measure: rows, a share of 0 to 1, milliseconds, or a number of runs. */
            observed: number | null;
            /** @description What it was expected to be, or the threshold. */
            expected: number | null;
            /** @description Of `run_late`: from which slot on nothing came. */
            due_at: string | null;
            /** @description The run of its last occurrence; null: it is about none. */
            run: {
                id: string;
                /** @enum {string} */
                status: "queued" | "running" | "completed" | "failed" | "cancelled";
                outcome: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial") | null;
                /** @enum {string} */
                trigger: "schedule" | "manual" | "api";
                started_at: string | null;
                completed_at: string | null;
                duration_ms: number | null;
                rows_processed: number;
                rows_created: number;
                rows_updated: number;
                rows_deleted: number;
                rows_failed: number;
                failure: {
                    /** @enum {string} */
                    code: "source_connection_failed" | "model_query_failed" | "out_of_memory" | "destination_auth_expired" | "destination_unreachable" | "destination_misconfigured" | "rate_limit_exceeded" | "snapshot_lost" | "retry_scope_lost" | "terminated_by_operator" | "timed_out" | "internal";
                    message: string;
                } | null;
            } | null;
            first_run_id: string | null;
            /** Format: date-time */
            opened_at: string;
            /** Format: date-time */
            last_seen_at: string;
            /** @description When channels were last told of it; null: they were not. */
            told_at: string | null;
            acknowledged_at: string | null;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            acknowledged_by: {
                id: string;
                name: string;
            } | null;
            /** @description Until then nobody is told of it, nor of what comes after it; null: it is not muted. */
            muted_until: string | null;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            muted_by: {
                id: string;
                name: string;
            } | null;
            resolved_at: string | null;
            /**
             * @description Null: it resolved by what happened.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            resolved_by: {
                id: string;
                name: string;
            } | null;
            /** @description The run that resolved it. */
            resolved_run_id: string | null;
            links: {
                self: string;
                deliveries: string;
                sync: string;
                run: string | null;
            };
        };
        /** @description An alert with what became of it, when, and by whom. */
        AlertDetail: {
            id: string;
            /**
             * @description The rule that opened it.
             * @enum {string}
             */
            kind: "run_failed" | "error_rate" | "consecutive_failures" | "run_late" | "run_stuck" | "row_count_spike" | "row_count_drop" | "error_rate_increase" | "duration_increase" | "deletes_held" | "counter_mismatch" | "schedule_paused";
            /** @enum {string} */
            severity: "warning" | "critical";
            /** @enum {string} */
            state: "open" | "acknowledged" | "resolved";
            sync: {
                id: string;
                name: string;
            };
            /** @example Users → CRM failed: Destination authentication expired */
            sentence: string;
            /** @description What to do, most useful first. */
            advice: string[];
            /** @description Alerts of one cause are told together. */
            cause: string;
            occurrences: number;
            /** @description Where it lies, so far as that is known. */
            about: {
                /** @enum {string} */
                kind: "source" | "model" | "destination";
                id: string;
                name: string;
            } | null;
            /** @description Of rules with a measure: rows, a share of 0 to 1, milliseconds, or a number of runs. */
            observed: number | null;
            /** @description What it was expected to be, or the threshold. */
            expected: number | null;
            /** @description Of `run_late`: from which slot on nothing came. */
            due_at: string | null;
            /** @description The run of its last occurrence; null: it is about none. */
            run: {
                id: string;
                /** @enum {string} */
                status: "queued" | "running" | "completed" | "failed" | "cancelled";
                outcome: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial") | null;
                /** @enum {string} */
                trigger: "schedule" | "manual" | "api";
                started_at: string | null;
                completed_at: string | null;
                duration_ms: number | null;
                rows_processed: number;
                rows_created: number;
                rows_updated: number;
                rows_deleted: number;
                rows_failed: number;
                failure: {
                    /** @enum {string} */
                    code: "source_connection_failed" | "model_query_failed" | "out_of_memory" | "destination_auth_expired" | "destination_unreachable" | "destination_misconfigured" | "rate_limit_exceeded" | "snapshot_lost" | "retry_scope_lost" | "terminated_by_operator" | "timed_out" | "internal";
                    message: string;
                } | null;
            } | null;
            first_run_id: string | null;
            /** Format: date-time */
            opened_at: string;
            /** Format: date-time */
            last_seen_at: string;
            /** @description When channels were last told of it; null: they were not. */
            told_at: string | null;
            acknowledged_at: string | null;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            acknowledged_by: {
                id: string;
                name: string;
            } | null;
            /** @description Until then nobody is told of it, nor of what comes after it; null: it is not muted. */
            muted_until: string | null;
            /**
             * @description The token it was done with; null when that was not noted.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            muted_by: {
                id: string;
                name: string;
            } | null;
            resolved_at: string | null;
            /**
             * @description Null: it resolved by what happened.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            resolved_by: {
                id: string;
                name: string;
            } | null;
            /** @description The run that resolved it. */
            resolved_run_id: string | null;
            links: {
                self: string;
                deliveries: string;
                sync: string;
                run: string | null;
            };
            /** @description What became of it: the newest hundred, oldest of them first. */
            events: components["schemas"]["AlertEvent"][];
            events_total: number;
        };
        AlertEvent: {
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            type: "opened" | "repeated" | "reminded" | "acknowledged" | "muted" | "unmuted" | "resolved";
            /**
             * @description Null: it happened by itself.
             * @example {
             *       "id": "tok_01k7a8b9c0d1e2f3g4h5j6k7m8",
             *       "name": "deploy"
             *     }
             */
            by: {
                id: string;
                name: string;
            } | null;
            run_id: string | null;
            detail: {
                [key: string]: unknown;
            };
        };
        DeliveryList: {
            data: components["schemas"]["Delivery"][];
            /**
             * @description Numbered pages have a total; a walk, asked for with `cursor`, has cursors and counts nothing.
             * @example {
             *       "page": 1,
             *       "per_page": 20,
             *       "total": 156
             *     }
             */
            pagination: {
                page: number;
                per_page: number;
                total: number;
            } | {
                per_page: number;
                next_cursor: string | null;
                prev_cursor: string | null;
            };
        };
        /** @description One message to one channel, and every attempt at it. */
        Delivery: {
            /** @description The message’s own: the same at every attempt. */
            id: string;
            channel: {
                id: string;
                name: string;
            };
            /** @enum {string} */
            type: "alert.raised" | "alert.repeated" | "alert.resolved" | "sync_run.completed" | "channel.disabled" | "channel.test";
            /** @enum {string} */
            state: "pending" | "delivered" | "failed" | "withdrawn";
            /** Format: date-time */
            created_at: string;
            /** @description Not sent before, so that alerts of one cause are told together; null: a test. */
            due_at: string | null;
            /** @description Null: when its turn comes, or never. */
            next_attempt_at: string | null;
            /** @description Until then it is tried; null once it has ended. */
            give_up_at: string | null;
            ended_at: string | null;
            /** @description Why it was not delivered. */
            error: string | null;
            /** @description The alerts it tells of: how many, and the first twenty. */
            alerts: {
                total: number;
                ids: string[];
            };
            /** @description The run it tells of, where it is about no alert. */
            run_id: string | null;
            attempt_count: number;
            /** @description The newest, oldest of them first: five in a list, five hundred of one delivery. */
            attempts: components["schemas"]["DeliveryAttempt"][];
        };
        DeliveryAttempt: {
            attempt: number;
            /** Format: date-time */
            started_at: string;
            /** @description Null: it is under way, or was broken off, and may have arrived. */
            duration_ms: number | null;
            http_status: number | null;
            /** @description Why it did not succeed; null: it did, or is under way. */
            error: string | null;
            /** @description The beginning of it, up to 2 kB. */
            answer: string | null;
        };
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
            code: "invalid_json" | "invalid_request" | "invalid_cursor" | "invalid_idempotency_key" | "unauthenticated" | "scope_missing" | "not_found" | "method_not_allowed" | "request_timeout" | "name_taken" | "sync_active" | "row_still_mirrored" | "queue_full" | "last_admin_token" | "run_finished" | "run_not_finished" | "nothing_to_retry" | "retry_scope_lost" | "alert_resolved" | "channel_off" | "delivery_pending" | "delivery_empty" | "too_many_secrets" | "in_use" | "idempotency_key_in_flight" | "precondition_failed" | "body_too_large" | "url_too_long" | "unsupported_media_type" | "idempotency_key_reused" | "unprocessable" | "row_key_not_in_model" | "model_query_failed" | "source_connection_failed" | "inspection_failed" | "precondition_required" | "too_many_requests" | "headers_too_large" | "internal" | "server_stopping" | "database_unavailable" | "query_timed_out" | "inspection_unavailable";
            /** @description Finds this request in the logs. */
            request_id: string;
            /** @description Every fault of the request, where faults can be told apart: a hundred at most, and then one with the code `more_faults` that says how many more. */
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
        /** @description `request_timeout`: The request did not arrive in time. */
        RequestTimeout: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 408;
                    /** @enum {unknown} */
                    code: "request_timeout";
                };
            };
        };
        /** @description `url_too_long`: The address is longer than allowed. */
        UrlTooLong: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 414;
                    /** @enum {unknown} */
                    code: "url_too_long";
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
        /**
         * @description `database_unavailable`: The database does not answer, or cannot do this just now.
         *
         *     `query_timed_out`: The database took too long for this.
         */
        DatabaseUnavailableOrQueryTimedOut: {
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
                    code: "database_unavailable" | "query_timed_out";
                };
            };
        };
        /**
         * @description `invalid_json`: The body is not valid JSON.
         *
         *     `invalid_request`: The request has faults that can be told without looking at stored data.
         *
         *     `invalid_idempotency_key`: The Idempotency-Key cannot be a key.
         */
        InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey: {
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
                    code: "invalid_json" | "invalid_request" | "invalid_idempotency_key";
                };
            };
        };
        /**
         * @description `name_taken`: The name is already used in this workspace.
         *
         *     `idempotency_key_in_flight`: A request with this Idempotency-Key is still at work.
         */
        NameTakenOrIdempotencyKeyInFlight: {
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
                    code: "name_taken" | "idempotency_key_in_flight";
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
        /** @description `name_taken`: The name is already used in this workspace. */
        NameTaken: {
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
                    code: "name_taken";
                };
            };
        };
        /** @description `precondition_failed`: It has changed since it was read. */
        PreconditionFailed: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 412;
                    /** @enum {unknown} */
                    code: "precondition_failed";
                };
            };
        };
        /** @description `precondition_required`: The request must say which version it changes. */
        PreconditionRequired: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status: 428;
                    /** @enum {unknown} */
                    code: "precondition_required";
                };
            };
        };
        /** @description `in_use`: Something else still needs it. */
        InUse: {
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
                    code: "in_use";
                };
            };
        };
        /**
         * @description `database_unavailable`: The database does not answer, or cannot do this just now.
         *
         *     `query_timed_out`: The database took too long for this.
         *
         *     `inspection_unavailable`: No worker looked at the source or destination in time.
         */
        DatabaseUnavailableOrQueryTimedOutOrInspectionUnavailable: {
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
                    code: "database_unavailable" | "query_timed_out" | "inspection_unavailable";
                };
            };
        };
        /**
         * @description `unprocessable`: The request contradicts what is stored.
         *
         *     `row_key_not_in_model`: The model’s result lacks a row key column.
         *
         *     `model_query_failed`: The source refused the model’s SQL.
         *
         *     `source_connection_failed`: The source could not be reached.
         *
         *     `inspection_failed`: Looking at the source or destination failed.
         */
        UnprocessableOrRowKeyNotInModelOrModelQueryFailedOrSourceConnectionFailedOrInspectionFailed: {
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
                    code: "unprocessable" | "row_key_not_in_model" | "model_query_failed" | "source_connection_failed" | "inspection_failed";
                };
            };
        };
        /**
         * @description `idempotency_key_reused`: The Idempotency-Key was used for another request.
         *
         *     `unprocessable`: The request contradicts what is stored.
         *
         *     `row_key_not_in_model`: The model’s result lacks a row key column.
         *
         *     `model_query_failed`: The source refused the model’s SQL.
         *
         *     `source_connection_failed`: The source could not be reached.
         *
         *     `inspection_failed`: Looking at the source or destination failed.
         */
        IdempotencyKeyReusedOrUnprocessableOrRowKeyNotInModelOrModelQueryFailedOrSourceConnectionFailedOrInspectionFailed: {
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
                    code: "idempotency_key_reused" | "unprocessable" | "row_key_not_in_model" | "model_query_failed" | "source_connection_failed" | "inspection_failed";
                };
            };
        };
        /**
         * @description `name_taken`: The name is already used in this workspace.
         *
         *     `sync_active`: A run of the sync is queued or running.
         */
        NameTakenOrSyncActive: {
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
                    code: "name_taken" | "sync_active";
                };
            };
        };
        /** @description `unprocessable`: The request contradicts what is stored. */
        Unprocessable: {
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
                    code: "unprocessable";
                };
            };
        };
        /**
         * @description `idempotency_key_reused`: The Idempotency-Key was used for another request.
         *
         *     `unprocessable`: The request contradicts what is stored.
         */
        IdempotencyKeyReusedOrUnprocessable: {
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
                    code: "idempotency_key_reused" | "unprocessable";
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
        /** @description `sync_active`: A run of the sync is queued or running. */
        SyncActive: {
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
                    code: "sync_active";
                };
            };
        };
        /**
         * @description `queue_full`: As many runs of the sync are waiting as may.
         *
         *     `idempotency_key_in_flight`: A request with this Idempotency-Key is still at work.
         */
        QueueFullOrIdempotencyKeyInFlight: {
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
                    code: "queue_full" | "idempotency_key_in_flight";
                };
            };
        };
        /**
         * @description `invalid_request`: The request has faults that can be told without looking at stored data.
         *
         *     `invalid_cursor`: The cursor is none of this list with these filters and this sort.
         */
        InvalidRequestOrInvalidCursor: {
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
                    code: "invalid_request" | "invalid_cursor";
                };
            };
        };
        /**
         * @description `server_stopping`: This server is about to stop.
         *
         *     `database_unavailable`: The database does not answer, or cannot do this just now.
         *
         *     `query_timed_out`: The database took too long for this.
         */
        ServerStoppingOrDatabaseUnavailableOrQueryTimedOut: {
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
                    code: "server_stopping" | "database_unavailable" | "query_timed_out";
                };
            };
        };
        /** @description `run_not_finished`: The run has not ended yet. */
        RunNotFinished: {
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
                    code: "run_not_finished";
                };
            };
        };
        /**
         * @description `sync_active`: A run of the sync is queued or running.
         *
         *     `row_still_mirrored`: The sync needs the row key still, to delete the row at its destination.
         *
         *     `idempotency_key_in_flight`: A request with this Idempotency-Key is still at work.
         */
        SyncActiveOrRowStillMirroredOrIdempotencyKeyInFlight: {
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
                    code: "sync_active" | "row_still_mirrored" | "idempotency_key_in_flight";
                };
            };
        };
        /**
         * @description `run_finished`: The run has ended, and not by a cancel.
         *
         *     `idempotency_key_in_flight`: A request with this Idempotency-Key is still at work.
         */
        RunFinishedOrIdempotencyKeyInFlight: {
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
                    code: "run_finished" | "idempotency_key_in_flight";
                };
            };
        };
        /**
         * @description `queue_full`: As many runs of the sync are waiting as may.
         *
         *     `run_not_finished`: The run has not ended yet.
         *
         *     `nothing_to_retry`: The run has no rows of this scope.
         *
         *     `retry_scope_lost`: The rows of this scope cannot be told any more.
         *
         *     `idempotency_key_in_flight`: A request with this Idempotency-Key is still at work.
         */
        QueueFullOrRunNotFinishedOrNothingToRetryOrRetryScopeLostOrIdempotencyKeyInFlight: {
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
                    code: "queue_full" | "run_not_finished" | "nothing_to_retry" | "retry_scope_lost" | "idempotency_key_in_flight";
                };
            };
        };
        /** @description `last_admin_token`: Without this token nobody could make tokens any more. */
        LastAdminToken: {
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
                    code: "last_admin_token";
                };
            };
        };
        /**
         * @description `too_many_secrets`: As many secrets of the alert channel are valid as may be.
         *
         *     `idempotency_key_in_flight`: A request with this Idempotency-Key is still at work.
         */
        TooManySecretsOrIdempotencyKeyInFlight: {
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
                    code: "too_many_secrets" | "idempotency_key_in_flight";
                };
            };
        };
        /**
         * @description `alert_resolved`: The alert is over.
         *
         *     `idempotency_key_in_flight`: A request with this Idempotency-Key is still at work.
         */
        AlertResolvedOrIdempotencyKeyInFlight: {
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
                    code: "alert_resolved" | "idempotency_key_in_flight";
                };
            };
        };
        /**
         * @description `channel_off`: The alert channel is switched off or deleted.
         *
         *     `delivery_pending`: The message is on its way.
         *
         *     `delivery_empty`: There is nothing any more that the message could tell.
         *
         *     `idempotency_key_in_flight`: A request with this Idempotency-Key is still at work.
         */
        ChannelOffOrDeliveryPendingOrDeliveryEmptyOrIdempotencyKeyInFlight: {
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
                    code: "channel_off" | "delivery_pending" | "delivery_empty" | "idempotency_key_in_flight";
                };
            };
        };
    };
    parameters: {
        /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
        IdempotencyKey: string;
        /**
         * @description The `ETag` of what you have read: the change is made only to that version.
         * @example "3"
         */
        IfMatch: string;
        /** @description The `id` of the last event you have: a stream goes on after it. Browsers send it by themselves. */
        LastEventId: string;
        /**
         * @description The `ETag` of what you have read: the change is made only to that version.
         * @example "3"
         */
        IfMatchRequired: string;
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
        /** @description The path of what was made. */
        Location: string;
        /** @description The next and previous pages (RFC 8288), where there are any. */
        Link: string;
        /** @description The name of the file that this is saved as. */
        "Content-Disposition": string;
        /** @description How many row errors there are in the file, if it arrives whole; absent where counting them takes as long as reading them. */
        "X-Total-Errors": number;
        /** @description What kind of token is missing (RFC 6750). */
        "WWW-Authenticate": string;
        /** @description Seconds after which asking again may help, or may have something new to tell. */
        "Retry-After": number;
        /**
         * @description Which limit of the token this draws on: requests (`q`) in seconds (`w`). When the workspace has used up its own: that one.
         * @example "reads";q=600;w=60
         */
        "RateLimit-Policy": string;
        /**
         * @description How it stands: requests that are left (`r`), and seconds until all are there again (`t`).
         * @example "reads";r=599;t=1
         */
        RateLimit: string;
        /** @description `true`: the request was done before; this is its answer of then. */
        "Idempotency-Replayed": "true";
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Source"][];
                        pagination: {
                            page: number;
                            per_page: number;
                            total: number;
                        };
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["NameTakenOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
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
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    deleteSource: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @example src_01k0abcde0fghjkmnpqrstvwxy */
                source_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, and nothing more to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["InUse"];
            412: components["responses"]["PreconditionFailed"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    updateSource: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match": components["parameters"]["IfMatchRequired"];
            };
            path: {
                /** @example src_01k0abcde0fghjkmnpqrstvwxy */
                source_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                    config?: {
                        url: string;
                    };
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["NameTaken"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            428: components["responses"]["PreconditionRequired"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    checkSource: {
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Check"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOutOrInspectionUnavailable"];
        };
    };
    checkModel: {
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Check"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOutOrInspectionUnavailable"];
        };
    };
    previewModel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    source_id: string;
                    /** @description One statement that reads: SELECT, VALUES, TABLE or WITH. */
                    sql: string;
                    /** @description The columns that name a row. */
                    row_key?: string[];
                    /** @default 20 */
                    limit?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelPreview"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableOrRowKeyNotInModelOrModelQueryFailedOrSourceConnectionFailedOrInspectionFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOutOrInspectionUnavailable"];
        };
    };
    listModelVersions: {
        parameters: {
            query?: {
                page?: number;
                per_page?: number;
            };
            header?: never;
            path: {
                /** @example mdl_01k0abcde0fghjkmnpqrstvwxy */
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ListedModelVersion"][];
                        pagination: {
                            page: number;
                            per_page: number;
                            total: number;
                        };
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    getModelVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example mdl_01k0abcde0fghjkmnpqrstvwxy */
                model_id: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelVersion"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ListedModel"][];
                        pagination: {
                            page: number;
                            per_page: number;
                            total: number;
                        };
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
                    /** @description One statement that reads: SELECT, VALUES, TABLE or WITH. */
                    sql: string;
                    /** @description The columns that name a row. */
                    row_key: string[];
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["NameTakenOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReusedOrUnprocessableOrRowKeyNotInModelOrModelQueryFailedOrSourceConnectionFailedOrInspectionFailed"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOutOrInspectionUnavailable"];
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
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
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    deleteModel: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @example mdl_01k0abcde0fghjkmnpqrstvwxy */
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, and nothing more to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["InUse"];
            412: components["responses"]["PreconditionFailed"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    updateModel: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match": components["parameters"]["IfMatchRequired"];
            };
            path: {
                /** @example mdl_01k0abcde0fghjkmnpqrstvwxy */
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                    /** @description One statement that reads: SELECT, VALUES, TABLE or WITH. */
                    sql?: string;
                    /** @description The columns that name a row. */
                    row_key?: string[];
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["NameTaken"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableOrRowKeyNotInModelOrModelQueryFailedOrSourceConnectionFailedOrInspectionFailed"];
            428: components["responses"]["PreconditionRequired"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOutOrInspectionUnavailable"];
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Destination"][];
                        pagination: {
                            page: number;
                            per_page: number;
                            total: number;
                        };
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
                        /** @default 100000 */
                        atomic_rows?: number;
                        /** @default 4 */
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
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Destination"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["NameTakenOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Destination"];
                };
            };
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
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    deleteDestination: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @example dst_01k0abcde0fghjkmnpqrstvwxy */
                destination_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, and nothing more to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["InUse"];
            412: components["responses"]["PreconditionFailed"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    updateDestination: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match": components["parameters"]["IfMatchRequired"];
            };
            path: {
                /** @example dst_01k0abcde0fghjkmnpqrstvwxy */
                destination_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                    /** @description Any keys of the config of its kind. Those left out stay; a given one is replaced whole. */
                    config?: {
                        [key: string]: unknown;
                    } | {
                        url?: string;
                        atomic_rows?: number;
                        lanes?: number;
                    } | {
                        url?: string;
                        /** @enum {string} */
                        method?: "POST" | "PUT" | "PATCH";
                        delete_url?: string | null;
                        /** @enum {string} */
                        delete_method?: "POST" | "PUT" | "PATCH" | "DELETE";
                        batch_rows?: number;
                        concurrency?: number;
                        timeout_seconds?: number;
                        rows_per_second?: number | null;
                        requests_per_second?: number | null;
                        headers?: {
                            [key: string]: string;
                        };
                        request?: {
                            /** @default null */
                            rows_field?: string | null;
                            /** @default null */
                            operation_field?: string | null;
                        };
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
                    /** @description Of an HTTP destination. Left out, they stay; null removes them. */
                    secrets?: {
                        /** @default {} */
                        headers?: {
                            [key: string]: string;
                        };
                    } | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Destination"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["NameTakenOrSyncActive"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            428: components["responses"]["PreconditionRequired"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    checkDestination: {
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Check"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOutOrInspectionUnavailable"];
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ListedSync"][];
                        pagination: {
                            page: number;
                            per_page: number;
                            total: number;
                        };
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
                        /** @enum {string} */
                        raw_values?: "keep" | "mask" | "omit";
                        raw_value_days?: number | null;
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
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncDetail"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["NameTakenOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReusedOrUnprocessable"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncDetail"];
                };
            };
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
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    deleteSync: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, and nothing more to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["SyncActive"];
            412: components["responses"]["PreconditionFailed"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    updateSync: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match": components["parameters"]["IfMatchRequired"];
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
                    name?: string;
                    /** @enum {string} */
                    mode?: "upsert" | "insert" | "update" | "mirror";
                    mapping?: {
                        column: string;
                        field: string;
                    }[];
                    object?: {
                        schema?: string | null;
                        table?: string | null;
                    };
                    settings?: {
                        /** @enum {string} */
                        key_match?: "exact" | "lower";
                        budget_seconds?: number;
                        patience_seconds?: number;
                        query_timeout_seconds?: number;
                        max_rows?: number | null;
                        stuck_after_seconds?: number;
                        /** @enum {string} */
                        raw_values?: "keep" | "mask" | "omit";
                        raw_value_days?: number | null;
                    };
                    /** @enum {string} */
                    overlap_policy?: "queue_one" | "queue_all" | "skip";
                    model_id?: string;
                    destination_id?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncDetail"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["NameTaken"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            428: components["responses"]["PreconditionRequired"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    listSyncVersions: {
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SyncVersion"][];
                        pagination: {
                            page: number;
                            per_page: number;
                            total: number;
                        };
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    getSyncVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncVersionDetail"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    checkSync: {
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Check"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOutOrInspectionUnavailable"];
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
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
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    putSyncSchedule: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    deleteSyncSchedule: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, and nothing more to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            408: components["responses"]["RequestTimeout"];
            412: components["responses"]["PreconditionFailed"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sync"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sync"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SyncEvent"][];
                        pagination: {
                            page: number;
                            per_page: number;
                            total: number;
                        };
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
                     * @description `normal` sends what has changed, `full_resync` offers every row again, `dry_run` plans and counts, and sends nothing.
                     * @default normal
                     * @enum {string}
                     */
                    kind?: "normal" | "full_resync" | "dry_run";
                    /**
                     * @description Kept with the run, for people.
                     * @default null
                     * @example After the CRM migration
                     */
                    note?: string | null;
                    /**
                     * @description Lets deletes through once that are held for being unusually many.
                     * @default false
                     */
                    allow_deletes?: boolean;
                };
            };
        };
        responses: {
            /** @description Taken; it goes on by itself. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Location: components["headers"]["Location"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LaunchedRun"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["QueueFullOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    listSyncRuns: {
        parameters: {
            query?: {
                /** @description Counts from 1, which is the default. */
                page?: number;
                per_page?: number;
                /** @description Walks through the list instead of cutting it into numbered pages: `*` begins, `next_cursor` and `prev_cursor` of the answer go on. Nothing is counted, and no row that stays is missed or seen twice, whatever is added or removed meanwhile. */
                cursor?: string;
                /**
                 * @description One or more, separated by commas.
                 * @example [
                 *       "failed",
                 *       "cancelled"
                 *     ]
                 */
                status?: ("queued" | "running" | "completed" | "failed" | "cancelled")[];
                /**
                 * @description One or more, separated by commas.
                 * @example [
                 *       "with_row_errors",
                 *       "partial"
                 *     ]
                 */
                outcome?: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial")[];
                /**
                 * @description One or more, separated by commas.
                 * @example [
                 *       "manual",
                 *       "api"
                 *     ]
                 */
                trigger?: ("schedule" | "manual" | "api")[];
                /**
                 * @description One or more, separated by commas.
                 * @example [
                 *       "full_resync"
                 *     ]
                 */
                kind?: ("normal" | "full_resync" | "dry_run")[];
                /** @description Whether any row was refused. */
                has_errors?: boolean;
                /**
                 * @description Least share of the rows processed that was refused, 0 to 1: `0.01` is one in a hundred.
                 * @example 0.01
                 */
                min_error_rate?: number;
                /**
                 * @description Least duration in seconds. A run that has not ended has none yet and is left out.
                 * @example 300
                 */
                min_duration?: number;
                /** @description Runs that started after this time. */
                started_after?: string;
                /** @description Runs that started before this time. */
                started_before?: string;
                /** @description What the list is in the order of; with `-` the greatest comes first. `queued_at` is the order runs came in. By `started_at` a run that has not started stands where it was queued; by `duration` one that has not ended is the shortest. */
                sort?: "-queued_at" | "queued_at" | "-started_at" | "started_at" | "-duration" | "duration" | "-rows_failed" | "rows_failed";
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunList"];
                };
            };
            400: components["responses"]["InvalidRequestOrInvalidCursor"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    listRuns: {
        parameters: {
            query?: {
                /** @description Counts from 1, which is the default. */
                page?: number;
                per_page?: number;
                /** @description Walks through the list instead of cutting it into numbered pages: `*` begins, `next_cursor` and `prev_cursor` of the answer go on. Nothing is counted, and no row that stays is missed or seen twice, whatever is added or removed meanwhile. */
                cursor?: string;
                /**
                 * @description One or more, separated by commas.
                 * @example [
                 *       "failed",
                 *       "cancelled"
                 *     ]
                 */
                status?: ("queued" | "running" | "completed" | "failed" | "cancelled")[];
                /**
                 * @description One or more, separated by commas.
                 * @example [
                 *       "with_row_errors",
                 *       "partial"
                 *     ]
                 */
                outcome?: ("no_changes" | "clean" | "with_row_errors" | "planned" | "nothing_applied" | "partial")[];
                /**
                 * @description One or more, separated by commas.
                 * @example [
                 *       "manual",
                 *       "api"
                 *     ]
                 */
                trigger?: ("schedule" | "manual" | "api")[];
                /**
                 * @description One or more, separated by commas.
                 * @example [
                 *       "full_resync"
                 *     ]
                 */
                kind?: ("normal" | "full_resync" | "dry_run")[];
                /** @description Whether any row was refused. */
                has_errors?: boolean;
                /**
                 * @description Least share of the rows processed that was refused, 0 to 1: `0.01` is one in a hundred.
                 * @example 0.01
                 */
                min_error_rate?: number;
                /**
                 * @description Least duration in seconds. A run that has not ended has none yet and is left out.
                 * @example 300
                 */
                min_duration?: number;
                /** @description Runs that started after this time. */
                started_after?: string;
                /** @description Runs that started before this time. */
                started_before?: string;
                /** @description What the list is in the order of; with `-` the greatest comes first. `queued_at` is the order runs came in. By `started_at` a run that has not started stands where it was queued; by `duration` one that has not ended is the shortest. */
                sort?: "-queued_at" | "queued_at" | "-started_at" | "started_at" | "-duration" | "duration" | "-rows_failed" | "rows_failed";
                /** @description One or more, separated by commas. At most a hundred. */
                sync_id?: string[];
            };
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
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunList"];
                };
            };
            400: components["responses"]["InvalidRequestOrInvalidCursor"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
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
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    listSyncRunEvents: {
        parameters: {
            query?: {
                /** @description Only events that come after this one. Those that another one may still come before are left for the next call, so that a reader who goes on from the last id misses none; start with 0 */
                after?: number;
                /**
                 * @description Most events in one answer
                 * @example 100
                 */
                limit?: number;
            };
            header?: {
                /** @description The `id` of the last event you have: a stream goes on after it. Browsers send it by themselves. */
                "Last-Event-ID"?: components["parameters"]["LastEventId"];
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["RunEvent"][];
                    };
                    "text/event-stream": string;
                };
            };
            /** @description Done, and nothing more to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["ServerStoppingOrDatabaseUnavailableOrQueryTimedOut"];
        };
    };
    listSyncRunErrors: {
        parameters: {
            query?: {
                /** @description Counts from 1, which is the default. */
                page?: number;
                per_page?: number;
                /** @description Walks through the list instead of cutting it into numbered pages: `*` begins, `next_cursor` and `prev_cursor` of the answer go on. Nothing is counted, and no row that stays is missed or seen twice, whatever is added or removed meanwhile. */
                cursor?: string;
                /**
                 * @description The field that caused it, exactly.
                 * @example Email
                 */
                field?: string;
                /** @description Its code, exactly. */
                code?: string;
                /** @description Where the row was refused. */
                origin?: "source" | "mapping" | "destination";
                /** @description What was to be done with the row; `none`: it was refused before that was known. */
                operation?: "create" | "update" | "delete" | "none";
                /**
                 * @description The row key, exactly, as `row_id` of an answer has it.
                 * @example usr_123
                 */
                row_id?: string;
                /** @description The `id` of a group of …/errors/groups. */
                group?: string;
                /**
                 * @description Text that stands anywhere in the message, whatever the case of its letters a to z. Neither the row key nor the raw value is searched: for a row there is `row_id`.
                 * @example email
                 */
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RowErrorList"];
                };
            };
            400: components["responses"]["InvalidRequestOrInvalidCursor"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    listSyncRunErrorGroups: {
        parameters: {
            query?: {
                page?: number;
                per_page?: number;
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RowErrorGroupList"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    exportSyncRunErrors: {
        parameters: {
            query?: {
                /** @description `csv` (RFC 4180, with a line of names; where a spreadsheet could take a text for a formula, an apostrophe stands before it) or `ndjson` (an object a line, as in the list, every text as it is). */
                format?: "csv" | "ndjson";
                /**
                 * @description The field that caused it, exactly.
                 * @example Email
                 */
                field?: string;
                /** @description Its code, exactly. */
                code?: string;
                /** @description Where the row was refused. */
                origin?: "source" | "mapping" | "destination";
                /** @description What was to be done with the row; `none`: it was refused before that was known. */
                operation?: "create" | "update" | "delete" | "none";
                /**
                 * @description The row key, exactly, as `row_id` of an answer has it.
                 * @example usr_123
                 */
                row_id?: string;
                /** @description The `id` of a group of …/errors/groups. */
                group?: string;
                /**
                 * @description Text that stands anywhere in the message, whatever the case of its letters a to z. Neither the row key nor the raw value is searched: for a row there is `row_id`.
                 * @example email
                 */
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    "X-Total-Errors": components["headers"]["X-Total-Errors"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["RunNotFinished"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    getSyncRow: {
        parameters: {
            query?: {
                /** @description Runs that had the row, at most. */
                per_page?: number;
                /** @description Goes on with earlier runs: `next_cursor` of an answer. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
                row_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RowStory"];
                };
            };
            400: components["responses"]["InvalidRequestOrInvalidCursor"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    listSyncRows: {
        parameters: {
            query: {
                /** @description Runs that had the row, at most. */
                per_page?: number;
                /** @description Goes on with earlier runs: `next_cursor` of an answer. */
                cursor?: string;
                /**
                 * @description The row key, as `row_id` of row errors has it; may be empty.
                 * @example usr_123
                 */
                row_key: string;
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RowStory"];
                };
            };
            400: components["responses"]["InvalidRequestOrInvalidCursor"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    eraseSyncRow: {
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
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description The row key, as `row_id` of row errors has it; may be empty.
                     * @example usr_123
                     */
                    row_key: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasedRow"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["SyncActiveOrRowStillMirroredOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReusedOrUnprocessable"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            /** @description Taken; it goes on by itself. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["RunFinishedOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
                     * @description Which rows of the run: `all` anew, those that `failed`, or those `not_attempted` or never answered. Only with `all` can `kind` be another than `normal`.
                     * @default all
                     * @enum {string}
                     */
                    scope?: "all" | "failed" | "not_attempted";
                    /**
                     * @description `normal` sends what has changed, `full_resync` offers every row again, `dry_run` plans and counts, and sends nothing.
                     * @default normal
                     * @enum {string}
                     */
                    kind?: "normal" | "full_resync" | "dry_run";
                    /**
                     * @description Kept with the run, for people.
                     * @default null
                     * @example After the CRM migration
                     */
                    note?: string | null;
                    /**
                     * @description Lets deletes through once that are held for being unusually many.
                     * @default false
                     */
                    allow_deletes?: boolean;
                };
            };
        };
        responses: {
            /** @description Taken; it goes on by itself. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Location: components["headers"]["Location"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LaunchedRun"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["QueueFullOrRunNotFinishedOrNothingToRetryOrRetryScopeLostOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    listTokens: {
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Token"][];
                        pagination: {
                            page: number;
                            per_page: number;
                            total: number;
                        };
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    createToken: {
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
                    scopes: ("read" | "trigger" | "write" | "admin")[];
                    expires_at?: string | null;
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Location: components["headers"]["Location"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["NameTakenOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReusedOrUnprocessable"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example tok_01k0abcde0fghjkmnpqrstvwxy */
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    deleteToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example tok_01k0abcde0fghjkmnpqrstvwxy */
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, and nothing more to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["LastAdminToken"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    getInsightsSyncHealth: {
        parameters: {
            query?: {
                window?: "24h" | "7d" | "30d";
            };
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
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncHealth"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    listSyncTrends: {
        parameters: {
            query?: {
                by?: "run" | "day";
                runs?: number;
                days?: number;
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trends"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    listAlertRules: {
        parameters: {
            query?: {
                /** @description The rules as they hold for this sync. */
                sync_id?: string;
            };
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
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AlertRule"][];
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    getAlertRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rule: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
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
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    putAlertRule: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                rule: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Left out: as everybody has it. */
                    enabled?: boolean;
                    /**
                     * @description Those that this rule has.
                     * @default {}
                     */
                    settings?: {
                        /**
                         * @description Of `error_rate`: share of the rows processed that failed above which it is told.
                         * @example 0.01
                         */
                        threshold?: number;
                        /** @description Of `error_rate`: runs of fewer rows say nothing. */
                        min_rows?: number;
                        /** @description Of `consecutive_failures`: how many in a row. */
                        failures?: number;
                        /** @description Of `schedule_paused`: after how many days. */
                        days?: number;
                        /** @description Of all that open alerts: one that goes on is told again at most so often; 0: never. */
                        remind_hours?: number;
                    };
                    /**
                     * @description Where it is told; null: on all channels. None at all: alerts open, and nobody is told.
                     * @default null
                     */
                    channel_ids?: string[] | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    deleteAlertRule: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                rule: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, and nothing more to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            408: components["responses"]["RequestTimeout"];
            412: components["responses"]["PreconditionFailed"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    getSyncAlertRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
                rule: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
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
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    putSyncAlertRule: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
                rule: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Left out: as everybody has it. */
                    enabled?: boolean;
                    /**
                     * @description Those that this rule has.
                     * @default {}
                     */
                    settings?: {
                        /**
                         * @description Of `error_rate`: share of the rows processed that failed above which it is told.
                         * @example 0.01
                         */
                        threshold?: number;
                        /** @description Of `error_rate`: runs of fewer rows say nothing. */
                        min_rows?: number;
                        /** @description Of `consecutive_failures`: how many in a row. */
                        failures?: number;
                        /** @description Of `schedule_paused`: after how many days. */
                        days?: number;
                        /** @description Of all that open alerts: one that goes on is told again at most so often; 0: never. */
                        remind_hours?: number;
                    };
                    /**
                     * @description Where it is told; null: on all channels. None at all: alerts open, and nobody is told.
                     * @default null
                     */
                    channel_ids?: string[] | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertRule"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    deleteSyncAlertRule: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @example sync_xyz789 */
                sync_id: string;
                rule: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, and nothing more to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            408: components["responses"]["RequestTimeout"];
            412: components["responses"]["PreconditionFailed"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    listAlertChannels: {
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
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AlertChannel"][];
                        pagination: {
                            page: number;
                            per_page: number;
                            total: number;
                        };
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    createAlertChannel: {
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
                    kind: "slack";
                    secrets: {
                        url: string;
                    };
                } | {
                    name: string;
                    /** @constant */
                    kind: "webhook";
                    /** @description Its query is kept like a secret, and not shown. */
                    url: string;
                    /**
                     * @description Signs the messages; left out, one is made and shown in this answer alone.
                     * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                     */
                    secret?: string;
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewAlertChannel"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["NameTakenOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    getAlertChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example chan_01k0abcde0fghjkmnpqrstvwxy */
                channel_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertChannel"];
                };
            };
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
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    deleteAlertChannel: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @example chan_01k0abcde0fghjkmnpqrstvwxy */
                channel_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, and nothing more to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
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
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["InUse"];
            412: components["responses"]["PreconditionFailed"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    updateAlertChannel: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The `ETag` of what you have read: the change is made only to that version.
                 * @example "3"
                 */
                "If-Match": components["parameters"]["IfMatchRequired"];
            };
            path: {
                /** @example chan_01k0abcde0fghjkmnpqrstvwxy */
                channel_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    name?: string;
                    /** @description Off, nothing is told there any more, and what was still to be told is withdrawn. */
                    enabled?: boolean;
                    /** @description Of a webhook. */
                    url?: string;
                    /** @description Of a Slack channel. */
                    secrets?: {
                        url: string;
                    };
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertChannel"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["NameTaken"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            428: components["responses"]["PreconditionRequired"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    rotateSecretAlertChannel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @example chan_01k0abcde0fghjkmnpqrstvwxy */
                channel_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description For so long messages are signed with the old secret as well.
                     * @default 24
                     */
                    keep_old_hours?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotatedChannel"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["TooManySecretsOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReusedOrUnprocessable"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    testAlertChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example chan_01k0abcde0fghjkmnpqrstvwxy */
                channel_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelTest"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOutOrInspectionUnavailable"];
        };
    };
    listAlerts: {
        parameters: {
            query?: {
                /** @description Counts from 1, which is the default. */
                page?: number;
                per_page?: number;
                /** @description Walks through the list instead of cutting it into numbered pages: `*` begins, `next_cursor` and `prev_cursor` of the answer go on. Nothing is counted, and no row that stays is missed or seen twice, whatever is added or removed meanwhile. */
                cursor?: string;
                /**
                 * @description One or more, separated by commas.
                 * @example [
                 *       "open",
                 *       "acknowledged"
                 *     ]
                 */
                state?: ("open" | "acknowledged" | "resolved")[];
                /**
                 * @description One or more, separated by commas.
                 * @example [
                 *       "run_failed",
                 *       "run_late"
                 *     ]
                 */
                kind?: ("run_failed" | "error_rate" | "consecutive_failures" | "run_late" | "run_stuck" | "row_count_spike" | "row_count_drop" | "error_rate_increase" | "duration_increase" | "deletes_held" | "counter_mismatch" | "schedule_paused")[];
                /**
                 * @description One or more, separated by commas.
                 * @example [
                 *       "critical"
                 *     ]
                 */
                severity?: ("warning" | "critical")[];
                /** @description One or more, separated by commas. At most a hundred. */
                sync_id?: string[];
                /** @description Alerts that were opened after this time. */
                opened_after?: string;
                /** @description Alerts that were opened before this time. */
                opened_before?: string;
            };
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
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertList"];
                };
            };
            400: components["responses"]["InvalidRequestOrInvalidCursor"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    getAlert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example alrt_01k0abcde0fghjkmnpqrstvwxy */
                alert_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDetail"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    acknowledgeAlert: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @example alrt_01k0abcde0fghjkmnpqrstvwxy */
                alert_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description Kept with the act, for people.
                     * @default null
                     * @example Known, the CRM is being moved
                     */
                    note?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDetail"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["AlertResolvedOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    muteAlert: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @example alrt_01k0abcde0fghjkmnpqrstvwxy */
                alert_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Until then nobody is told of it; a year from now at most.
                     */
                    until?: string;
                    /** @description The same, from now on. */
                    hours?: number;
                    /**
                     * @description Kept with the act, for people.
                     * @default null
                     * @example Known, the CRM is being moved
                     */
                    note?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDetail"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["AlertResolvedOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    unmuteAlert: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @example alrt_01k0abcde0fghjkmnpqrstvwxy */
                alert_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description Kept with the act, for people.
                     * @default null
                     * @example Known, the CRM is being moved
                     */
                    note?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDetail"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    resolveAlert: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @example alrt_01k0abcde0fghjkmnpqrstvwxy */
                alert_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description Kept with the act, for people.
                     * @default null
                     * @example Known, the CRM is being moved
                     */
                    note?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDetail"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["IdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    listAlertChannelDeliveries: {
        parameters: {
            query?: {
                /** @description Counts from 1, which is the default. */
                page?: number;
                per_page?: number;
                /** @description Walks through the list instead of cutting it into numbered pages: `*` begins, `next_cursor` and `prev_cursor` of the answer go on. Nothing is counted, and no row that stays is missed or seen twice, whatever is added or removed meanwhile. */
                cursor?: string;
                /**
                 * @description One or more, separated by commas.
                 * @example [
                 *       "pending",
                 *       "failed"
                 *     ]
                 */
                state?: ("pending" | "delivered" | "failed" | "withdrawn")[];
            };
            header?: never;
            path: {
                /** @example chan_01k0abcde0fghjkmnpqrstvwxy */
                channel_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            400: components["responses"]["InvalidRequestOrInvalidCursor"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    getAlertChannelDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example chan_01k0abcde0fghjkmnpqrstvwxy */
                channel_id: string;
                /** @example dlv_01k0abcde0fghjkmnpqrstvwxy */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    redeliverAlertChannelDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @example chan_01k0abcde0fghjkmnpqrstvwxy */
                channel_id: string;
                /** @example dlv_01k0abcde0fghjkmnpqrstvwxy */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken; it goes on by itself. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["ChannelOffOrDeliveryPendingOrDeliveryEmptyOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    listAlertDeliveries: {
        parameters: {
            query?: {
                /** @description Counts from 1, which is the default. */
                page?: number;
                per_page?: number;
                /** @description Walks through the list instead of cutting it into numbered pages: `*` begins, `next_cursor` and `prev_cursor` of the answer go on. Nothing is counted, and no row that stays is missed or seen twice, whatever is added or removed meanwhile. */
                cursor?: string;
                /**
                 * @description One or more, separated by commas.
                 * @example [
                 *       "pending",
                 *       "failed"
                 *     ]
                 */
                state?: ("pending" | "delivered" | "failed" | "withdrawn")[];
            };
            header?: never;
            path: {
                /** @example alrt_01k0abcde0fghjkmnpqrstvwxy */
                alert_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Link: components["headers"]["Link"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            400: components["responses"]["InvalidRequestOrInvalidCursor"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    getAlertDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example alrt_01k0abcde0fghjkmnpqrstvwxy */
                alert_id: string;
                /** @example dlv_01k0abcde0fghjkmnpqrstvwxy */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
        };
    };
    redeliverAlertDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @example alrt_01k0abcde0fghjkmnpqrstvwxy */
                alert_id: string;
                /** @example dlv_01k0abcde0fghjkmnpqrstvwxy */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken; it goes on by itself. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    RateLimit: components["headers"]["RateLimit"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["InvalidJsonOrInvalidRequestOrInvalidIdempotencyKey"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ScopeMissing"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["ChannelOffOrDeliveryPendingOrDeliveryEmptyOrIdempotencyKeyInFlight"];
            413: components["responses"]["BodyTooLarge"];
            414: components["responses"]["UrlTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["DatabaseUnavailableOrQueryTimedOut"];
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
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            431: components["responses"]["HeadersTooLarge"];
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
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            431: components["responses"]["HeadersTooLarge"];
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
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            431: components["responses"]["HeadersTooLarge"];
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
    getMetrics: {
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
                    "text/plain": string;
                };
            };
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
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
                            code: "invalid_json" | "invalid_request" | "invalid_cursor" | "invalid_idempotency_key" | "unauthenticated" | "scope_missing" | "not_found" | "method_not_allowed" | "request_timeout" | "name_taken" | "sync_active" | "row_still_mirrored" | "queue_full" | "last_admin_token" | "run_finished" | "run_not_finished" | "nothing_to_retry" | "retry_scope_lost" | "alert_resolved" | "channel_off" | "delivery_pending" | "delivery_empty" | "too_many_secrets" | "in_use" | "idempotency_key_in_flight" | "precondition_failed" | "body_too_large" | "url_too_long" | "unsupported_media_type" | "idempotency_key_reused" | "unprocessable" | "row_key_not_in_model" | "model_query_failed" | "source_connection_failed" | "inspection_failed" | "precondition_required" | "too_many_requests" | "headers_too_large" | "internal" | "server_stopping" | "database_unavailable" | "query_timed_out" | "inspection_unavailable";
                            status: number;
                            title: string;
                        }[];
                    };
                };
            };
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            431: components["responses"]["HeadersTooLarge"];
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
                        code: "invalid_json" | "invalid_request" | "invalid_cursor" | "invalid_idempotency_key" | "unauthenticated" | "scope_missing" | "not_found" | "method_not_allowed" | "request_timeout" | "name_taken" | "sync_active" | "row_still_mirrored" | "queue_full" | "last_admin_token" | "run_finished" | "run_not_finished" | "nothing_to_retry" | "retry_scope_lost" | "alert_resolved" | "channel_off" | "delivery_pending" | "delivery_empty" | "too_many_secrets" | "in_use" | "idempotency_key_in_flight" | "precondition_failed" | "body_too_large" | "url_too_long" | "unsupported_media_type" | "idempotency_key_reused" | "unprocessable" | "row_key_not_in_model" | "model_query_failed" | "source_connection_failed" | "inspection_failed" | "precondition_required" | "too_many_requests" | "headers_too_large" | "internal" | "server_stopping" | "database_unavailable" | "query_timed_out" | "inspection_unavailable";
                        status: number;
                        title: string;
                    };
                };
            };
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            431: components["responses"]["HeadersTooLarge"];
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
                    "application/json": {
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Still as it was when it had the `ETag` in `If-None-Match`. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            431: components["responses"]["HeadersTooLarge"];
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
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            431: components["responses"]["HeadersTooLarge"];
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
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "text/javascript": string;
                };
            };
            /** @description Still as it was when it had the `ETag` in `If-None-Match`. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            414: components["responses"]["UrlTooLong"];
            431: components["responses"]["HeadersTooLarge"];
            500: components["responses"]["Internal"];
        };
    };
    alertRaisedV1: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The id of the message, the same at every attempt: what comes twice has the same one.
                 * @example dlv_01k7a8b9c0d1e2f3g4h5j6k7m8
                 */
                "webhook-id": string;
                /**
                 * @description When this attempt was made, in seconds since 1970. Refuse what is more than five minutes off.
                 * @example 1736931863
                 */
                "webhook-timestamp": string;
                /**
                 * @description `v1,` and the base64 of HMAC-SHA256 of `id.timestamp.body`, once for each valid secret, with blanks between. One that fits is enough.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertRaisedV1"];
            };
        };
        responses: {
            /** @description Nobody is there any more: the channel is switched off. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Taken. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again for a day, later where `Retry-After` says so. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    alertRepeatedV1: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The id of the message, the same at every attempt: what comes twice has the same one.
                 * @example dlv_01k7a8b9c0d1e2f3g4h5j6k7m8
                 */
                "webhook-id": string;
                /**
                 * @description When this attempt was made, in seconds since 1970. Refuse what is more than five minutes off.
                 * @example 1736931863
                 */
                "webhook-timestamp": string;
                /**
                 * @description `v1,` and the base64 of HMAC-SHA256 of `id.timestamp.body`, once for each valid secret, with blanks between. One that fits is enough.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertRepeatedV1"];
            };
        };
        responses: {
            /** @description Nobody is there any more: the channel is switched off. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Taken. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again for a day, later where `Retry-After` says so. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    alertResolvedV1: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The id of the message, the same at every attempt: what comes twice has the same one.
                 * @example dlv_01k7a8b9c0d1e2f3g4h5j6k7m8
                 */
                "webhook-id": string;
                /**
                 * @description When this attempt was made, in seconds since 1970. Refuse what is more than five minutes off.
                 * @example 1736931863
                 */
                "webhook-timestamp": string;
                /**
                 * @description `v1,` and the base64 of HMAC-SHA256 of `id.timestamp.body`, once for each valid secret, with blanks between. One that fits is enough.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertResolvedV1"];
            };
        };
        responses: {
            /** @description Nobody is there any more: the channel is switched off. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Taken. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again for a day, later where `Retry-After` says so. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    syncRunCompletedV1: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The id of the message, the same at every attempt: what comes twice has the same one.
                 * @example dlv_01k7a8b9c0d1e2f3g4h5j6k7m8
                 */
                "webhook-id": string;
                /**
                 * @description When this attempt was made, in seconds since 1970. Refuse what is more than five minutes off.
                 * @example 1736931863
                 */
                "webhook-timestamp": string;
                /**
                 * @description `v1,` and the base64 of HMAC-SHA256 of `id.timestamp.body`, once for each valid secret, with blanks between. One that fits is enough.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SyncRunCompletedV1"];
            };
        };
        responses: {
            /** @description Nobody is there any more: the channel is switched off. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Taken. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again for a day, later where `Retry-After` says so. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    channelDisabledV1: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The id of the message, the same at every attempt: what comes twice has the same one.
                 * @example dlv_01k7a8b9c0d1e2f3g4h5j6k7m8
                 */
                "webhook-id": string;
                /**
                 * @description When this attempt was made, in seconds since 1970. Refuse what is more than five minutes off.
                 * @example 1736931863
                 */
                "webhook-timestamp": string;
                /**
                 * @description `v1,` and the base64 of HMAC-SHA256 of `id.timestamp.body`, once for each valid secret, with blanks between. One that fits is enough.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelDisabledV1"];
            };
        };
        responses: {
            /** @description Nobody is there any more: the channel is switched off. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Taken. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again for a day, later where `Retry-After` says so. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    channelTestV1: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The id of the message, the same at every attempt: what comes twice has the same one.
                 * @example dlv_01k7a8b9c0d1e2f3g4h5j6k7m8
                 */
                "webhook-id": string;
                /**
                 * @description When this attempt was made, in seconds since 1970. Refuse what is more than five minutes off.
                 * @example 1736931863
                 */
                "webhook-timestamp": string;
                /**
                 * @description `v1,` and the base64 of HMAC-SHA256 of `id.timestamp.body`, once for each valid secret, with blanks between. One that fits is enough.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelTestV1"];
            };
        };
        responses: {
            /** @description Nobody is there any more: the channel is switched off. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Taken. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Tried again for a day, later where `Retry-After` says so. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
