// Life of a class and its objects, and what a subscriber hears of it.
import { connect, finish, outcome, run, settings } from './harness.mjs';

const { instance: instanceName, name } = settings;
const admin = connect(settings.admin);
const alice = connect(settings.alice);
const bob = connect(settings.bob);
const className = `${name}_books`;
const channel = `${name}-realtime`;

const schema = [{ name: 'title', type: 'string' }, { name: 'reads', type: 'integer' }, { name: 'tags', type: 'array' }];
const created = await outcome(admin.Class.please().create({ instanceName, name: className, schema }));
const again = await outcome(admin.Class.please().create({ instanceName, name: className, schema }));
await run(admin.Channel.please().create({ instanceName, name: channel, type: 'default', other_permissions: 'publish' }));

const query = { instanceName, className };
const first = await outcome(alice.DataObject.please().create({ ...query, title: 'first 🚀', tags: ['a'], other_permissions: 'write', channel }));
const { id } = first.value;
const got = await outcome(bob.DataObject.please().get({ ...query, id }));

// The model sends all its fields back.
const model = await run(bob.DataObject.please().get({ ...query, id }));
model.title = 'second';
const saved = await outcome(model.save());
const updated = await outcome(bob.DataObject.please().update({ ...query, id }, { reads: 5 }));
const incremented = await outcome(bob.DataObject.please().increment({ ...query, id }, { reads: 3 }));
const mismatch = await outcome(bob.DataObject.please().update({ ...query, id }, { reads: 1, expected_revision: 1 }));
const invalid = await outcome(bob.DataObject.please().update({ ...query, id }, { reads: 'many', title: [1] }));
const unknownChannel = await outcome(alice.DataObject.please().create({ ...query, channel: 'nope' }));
const mine = await outcome(alice.DataObject.please().create({ ...query, title: 'mine' }));
const hidden = await outcome(bob.DataObject.please().get({ ...query, id: mine.value.id }));
const listed = await outcome(admin.DataObject.please().list(query));
const listedByBob = await outcome(bob.DataObject.please().list(query));
const notDeleted = await outcome(bob.DataObject.please().delete({ ...query, id }));
const deleted = await outcome(alice.DataObject.please().delete({ ...query, id }));
const gone = await outcome(alice.DataObject.please().get({ ...query, id }));
const history = await outcome(bob.Channel.please().history({ instanceName, name: channel }, { ordering: 'asc' }).raw());

const classModel = await run(admin.Class.please().get({ instanceName, name: className }));
classModel.description = 'changed';
const classSaved = await outcome(classModel.save());
const classForbidden = await outcome(bob.Class.please().create({ instanceName, name: `${name}_other`, schema }));
const classDeleted = await outcome(admin.Class.please().delete({ instanceName, name: className }));
const classGone = await outcome(bob.DataObject.please().list(query));

finish({
  created, again, first, got, saved, updated, incremented, mismatch, invalid, unknownChannel, hidden,
  listed: listed.value?.map(object => object.id), listedByBob: listedByBob.value?.map(object => object.id), mine: mine.value.id,
  notDeleted, deleted, gone, history, classSaved, classForbidden, classDeleted, classGone,
});
