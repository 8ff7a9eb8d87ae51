import protocols from './protocols/index.js';
import { instanceUrl, keyHeaders } from './protocols/addresses.js';
import { followCommand } from './page/command.js';
import { Card } from './page/card.js';
import { limitHeldCards } from './page/held-cards.js';
import { HistoryView } from './page/history.js';
import { PeopleView } from './page/people.js';
import { Latency } from './page/latency.js';
import { AlbumView } from './page/album-view.js';
import { PusherView } from './page/pusher-view.js';
import { autodemo } from './page/autodemo.js';
import { useTheme } from './page/theme.js';
import { watchHealth } from './page/health.js';

const $ = selector => document.querySelector(selector);
const follow = $('#target');
const compose = $('#publish');

const demo = await (await fetch('/demo.json')).json();
const publishers = protocols.filter(protocol => protocol.publish);
const latency = new Latency((id, message, milliseconds) => cards.find(card => card.id === id).addLatency(milliseconds));
const cards = protocols.filter(protocol => protocol.open).map(protocol => new Card(protocol, $('#card'), noteArrival));
const history = new HistoryView($('#history'));
const people = new PeopleView($('#people'));
const admin = demo.identities.find(({ name }) => name === 'admin') ?? demo.identities[0];
let channels = new Map();
let lastPublished = null;

useTheme($('#theme'));
watchHealth($('#health'));
fill(follow.elements.listener, demo.identities.map(({ name }) => [name, name]), 'bob');
fill(compose.elements.author, demo.identities.map(({ name }) => [name, name]), 'alice');
fill(compose.elements.through, publishers.map(({ id, family, title }) => [id, `${family}: ${title}`]), 'rest');
$('#cards').append(...cards.map(card => card.element));
limitHeldCards(cards);
await listChannels();
applyTarget();
new AlbumView($('#album'), ['alice', 'bob'].map(name => ({ name, target: { ...targetFor(name), channel: 'new_photo', room: '' } })));
new PusherView($('#pusher'), location.origin, [{ name: 'Alice', id: '1' }, { name: 'Bob', id: '2' }]);

follow.addEventListener('change', applyTarget);
follow.addEventListener('submit', event => event.preventDefault());
compose.addEventListener('submit', event => { event.preventDefault(); publishForm(1); });
compose.elements.through.addEventListener('change', chooseAuthor);
compose.elements.payload.addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); publishForm(1); }
});
$('#burst').addEventListener('click', () => publishForm(20));
$('#copy').addEventListener('click', () => navigator.clipboard?.writeText($('#command').textContent));
$('#clear').addEventListener('click', () => {
  cards.forEach(card => card.clear());
  $('#arrivals').textContent = 'Nothing published yet.';
});
if (new URLSearchParams(location.search).has('autodemo')) autodemo(cards, publishers, publish);

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value, value === chosen, value === chosen)));
}

function targetFor(name) {
  return {
    origin: location.origin,
    instance: demo.instance,
    channel: follow.elements.channel.value.trim(),
    room: follow.elements.room.disabled ? '' : follow.elements.room.value.trim(),
    identity: demo.identities.find(identity => identity.name === name) ?? demo.identities[0],
  };
}

// Names for the list of suggestions, as an administrator sees them; what is not stored is told by the templates' names.
async function listChannels() {
  const response = await fetch(instanceUrl(targetFor(admin.name), 'channels/'), { headers: keyHeaders(admin) });
  const stored = response.ok ? (await response.json()).objects : [];
  channels = new Map(stored.map(channel => [channel.name, channel]));
  $('#channels').replaceChildren(...[...channels.keys(), 'notices', 'inbox-1', 'inbox-2', 'conversation.100', 'ping'].map(name => new Option(name, name)));
}

function applyTarget() {
  const { channel: channelField, room } = follow.elements;
  const channel = channels.get(channelField.value.trim());
  const hasRooms = channel?.type === 'separate_rooms';
  room.disabled = !hasRooms;
  room.placeholder = hasRooms ? 'name of a room' : 'not used';
  if (hasRooms && !room.value) room.value = 'lobby';
  $('#about').textContent = channel ? `${channel.description || channel.name}. Others: ${channel.other_permissions}.` : 'Given by a template, or unknown.';
  const target = targetFor(follow.elements.listener.value);
  $('#command').textContent = followCommand(target);
  cards.forEach(card => card.follow(target));
  history.follow(target);
  people.follow(targetFor(admin.name));
}

// Only servers publish as servers.
function chooseAuthor() {
  if (['server', 'pusher-trigger'].includes(compose.elements.through.value)) compose.elements.author.value = 'admin';
}

async function publishForm(count) {
  const { through, author, payload } = compose.elements;
  const message = { through: publishers.find(({ id }) => id === through.value), author: author.value, json: payload.value };
  await Promise.all(Array.from({ length: count }, () => publish(message)));
}

async function publish({ through, author, json }) {
  const result = $('#result');
  const started = performance.now();
  try {
    JSON.parse(json);
    latency.publishing(json, started);
    const { id } = await through.publish(targetFor(author), json);
    if (id !== undefined) {
      latency.sent(id, started);
      lastPublished = Math.max(id, lastPublished ?? 0);
    }
    result.dataset.kind = 'done';
    result.textContent = `Published ${id ?? 'it'} as ${author} in ${Math.round(performance.now() - started)} ms.`;
    showArrivals();
  } catch (error) {
    result.dataset.kind = 'failed';
    result.textContent = error.message;
  }
}

function noteArrival(card, message) {
  if (message.id === undefined) latency.arrivedWithoutId(card.id, message.payload, performance.now());
  else latency.arrived(card.id, message.id, performance.now());
  history.changed();
  showArrivals();
}

function showArrivals() {
  if (lastPublished !== null) {
    const on = cards.filter(card => card.isOn).length;
    $('#arrivals').textContent = `Message ${lastPublished} reached ${latency.reachedBy(lastPublished)} of ${on} clients.`;
  }
}
