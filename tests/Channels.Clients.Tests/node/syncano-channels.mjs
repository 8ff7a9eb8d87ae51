// Life of a channel, as an administrator.
import { connect, finish, outcome, run, settings } from './harness.mjs';

const { instance: instanceName, name } = settings;
const { Channel } = connect(settings.admin);

const created = await outcome(Channel.please().create({
  instanceName, name, description: 'first', type: 'default', other_permissions: 'subscribe', custom_publish: true,
}));
const again = await outcome(Channel.please().create({ instanceName, name, type: 'default' }));
const got = await outcome(Channel.please().get({ instanceName, name }));
const listed = await outcome(Channel.please().list({ instanceName }));
const updated = await outcome(Channel.please().update({ instanceName, name }, { description: 'second' }));

// The model sends all its fields back.
const model = await run(Channel.please().get({ instanceName, name }));
model.other_permissions = 'publish';
const saved = await outcome(model.save());

const deleted = await outcome(Channel.please().delete({ instanceName, name }));
const gone = await outcome(Channel.please().get({ instanceName, name }));
const forbidden = await outcome(connect(settings.alice).Channel.please().create({ instanceName, name, type: 'default' }));

finish({ created, again, got, listed: listed.value?.map(channel => channel.name), updated, saved, deleted, gone, forbidden });
