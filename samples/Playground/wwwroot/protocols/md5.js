// MD5 in hexadecimal digits, which browsers do not offer by themselves. For the digest of a wire that asks for it, never to protect anything. Source: RFC 1321.
const shifts = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
const sines = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

// Each round mixes three of the four words in its own way and takes the block's words in its own order.
const rounds = [
  [(b, c, d) => (b & c) | (~b & d), i => i],
  [(b, c, d) => (d & b) | (~d & c), i => 5 * i + 1],
  [(b, c, d) => b ^ c ^ d, i => 3 * i + 5],
  [(b, c, d) => c ^ (b | ~d), i => 7 * i],
];

export function md5(bytes) {
  const words = padded(bytes);
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let block = 0; block < words.length; block += 16) {
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i++) {
      const [mix, place] = rounds[i >> 4];
      const sum = (a + mix(b, c, d) + sines[i] + words[block + (place(i) & 15)]) | 0;
      const shift = shifts[i >> 4][i & 3];
      [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
    }
    [a, b, c, d].forEach((word, i) => { state[i] = (state[i] + word) | 0; });
  }
  return Array.from(new Uint8Array(Int32Array.from(state).buffer), byte => byte.toString(16).padStart(2, '0')).join('');
}

// The message, a one bit, zeros, and its length in bits; as little-endian words.
function padded(bytes) {
  const length = (bytes.length + 8 >> 6) + 1 << 6;
  const view = new DataView(new ArrayBuffer(length));
  bytes.forEach((byte, i) => view.setUint8(i, byte));
  view.setUint8(bytes.length, 0x80);
  view.setUint32(length - 8, bytes.length << 3, true);
  view.setUint32(length - 4, bytes.length >>> 29, true);
  return Array.from({ length: length / 4 }, (_, i) => view.getInt32(4 * i, true));
}
