/** What a clip is encoded in, as far as its container tells, for a browser that cannot play it. */

const LOOKED_AT = 1 << 20; // bytes at either end of a file, where containers keep it
const CODECS = [
  ["H.265", /hvc1|hev1|V_MPEGH\/ISO\/HEVC/],
  ["Dolby Vision", /dvh1|dvhe/],
  ["AV1", /av01|V_AV1/],
  ["VP9", /vp09|V_VP9/],
  ["VP8", /vp08|V_VP8/],
  ["H.264", /avc1|avc3|V_MPEG4\/ISO\/AVC|H264/],
  ["ProRes", /apc[nhso]|ap4[hx]/],
  ["MPEG-4 Visual", /mp4v|XVID|DIVX|V_MPEG4\/ISO/],
  ["Theora", /V_THEORA|\x80theora/],
  ["MPEG-2", /mp2v|V_MPEG2/],
  ["Motion JPEG", /mjp[2a]|MJPG|V_MJPEG/],
  ["Flash video", /^FLV/],
  ["Windows Media", /WMV[123]|WVC1/],
];

/** The codec by name, or null where nothing is known. */
export async function codecOf(file) {
  const ends = [file.slice(0, LOOKED_AT), file.slice(Math.max(file.size - LOOKED_AT, 0))];
  const text = (await Promise.all(ends.map((end) => end.arrayBuffer())))
    .map((bytes) => new TextDecoder("latin1").decode(bytes))
    .join("");
  return CODECS.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}
