// Every route says what it is for and what it answers: without it the document, and what is held to it, would have gaps.
import { type AppDependencies, apiRoutes } from '../../api/create-app';

const routes = apiRoutes({ secretKey: Buffer.alloc(32) } as AppDependencies);

test.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s declares its tag, its summary and its answers',
  (_, { tag, summary = '', answers = {} }) => {
    expect(tag).toEqual(expect.any(String));
    expect(summary).toMatch(/^[A-Z].{5,100}[^.]$/);
    expect(Object.keys(answers).length).toBeGreaterThan(0);
    for (const status of Object.keys(answers)) expect(status).toMatch(/^2\d\d$/);
  },
);
