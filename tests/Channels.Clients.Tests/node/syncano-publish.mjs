// Who may publish where: alice is in group 1, bob is in none.
import { connect, finish, outcome, run, settings } from './harness.mjs';

const { instance: instanceName, name: prefix } = settings;
const admin = connect(settings.admin).Channel;
const callers = { admin, alice: connect(settings.alice).Channel, bob: connect(settings.bob).Channel, trusted: connect(settings.trusted).Channel };
const channels = {
  open: { other_permissions: 'publish', custom_publish: true },
  team: { group: 1, group_permissions: 'publish', other_permissions: 'subscribe', custom_publish: true },
  locked: { other_permissions: 'publish', custom_publish: false },
  secret: { other_permissions: 'none', custom_publish: true },
};

const results = {};
for (const [kind, permissions] of Object.entries(channels)) {
  const name = `${prefix}-${kind}`;
  await run(admin.please().create({ instanceName, name, type: 'default', ...permissions }));
  results[kind] = {};
  for (const [caller, Channel] of Object.entries(callers)) {
    results[kind][caller] = await outcome(Channel.please().publish({ instanceName, name }, { from: caller, text: 'grüße 🚀' }).raw());
  }
}

const bob = callers.bob;
const histories = {
  team: await outcome(bob.please().history({ instanceName, name: `${prefix}-team` }).raw()),
  secret: await outcome(bob.please().history({ instanceName, name: `${prefix}-secret` }).raw()),
};
const unknown = await outcome(bob.please().publish({ instanceName, name: `${prefix}-unknown` }, {}).raw());
const wrongKey = await outcome(connect({ apiKey: 'f000000000000000000000000000000000000001' }).Channel.please()
  .publish({ instanceName, name: `${prefix}-open` }, {}).raw());

finish({ results, histories, unknown, wrongKey });
