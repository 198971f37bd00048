/** Every test runs in UTC, so that no result depends on where the machine stands. */
process.env['TZ'] = 'UTC';
