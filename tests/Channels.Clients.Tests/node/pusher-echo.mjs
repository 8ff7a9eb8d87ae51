// laravel-echo, unmodified, over the unmodified pusher-js.
import { finish, settings } from './harness.mjs';
import { connect, connected, Echo, server } from './pusher-harness.mjs';

const api = server();
const make = user => new Echo({ broadcaster: 'pusher', key: 'demo-key', cluster: '', client: connect({ user }) });
const alice = make('1');
const bob = make('2');
await connected(alice.connector.pusher);
await connected(bob.connector.pusher);
const report = { socketIds: [alice.socketId(), bob.socketId()] };

const until = register => new Promise(resolve => register(resolve));
const ready = channel => until(resolve => channel.subscribed(resolve));

const orders = alice.private('App.Models.User.1');
const shipped = until(resolve => orders.listen('OrderShipped', resolve));
const raw = until(resolve => orders.listen('.raw', resolve));
await ready(orders);
await api.trigger('private-App.Models.User.1', 'App\\Events\\OrderShipped', { id: 5 });
await api.trigger('private-App.Models.User.1', 'raw', { id: 6 });
report.shipped = await shipped;
report.raw = await raw;

const here = until(resolve => alice.join('echo').here(resolve));
report.here = await here;
const joining = until(resolve => alice.join('echo').joining(resolve));
const whispered = until(resolve => alice.join('echo').listenForWhisper('typing', resolve));
const bobsRoom = bob.join('echo');
const bobIsIn = until(resolve => bobsRoom.here(resolve));
report.joining = await joining;
await bobIsIn;
bobsRoom.whisper('typing', { name: 'bob' });
report.whispered = await whispered;
const leaving = until(resolve => alice.join('echo').leaving(resolve));
bob.leave('echo');
report.leaving = await leaving;
report.error = await until(resolve => make('nobody').private('echo').error(resolve));

finish(report);
