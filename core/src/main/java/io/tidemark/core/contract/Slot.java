package io.tidemark.core.contract;

import java.nio.charset.StandardCharsets;

/**
 * The slot of a Redis Cluster that a key lies in: CRC16 (XModem) of the key, or of its hash tag, modulo 16,384.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">Redis Cluster specification,
 *     "Key distribution model"</a>
 */
public final class Slot {
    public static final int COUNT = 16_384;

    private static final int POLYNOMIAL = 0x1021;

    private Slot() {}

    /** From 0 to 16,383. */
    public static int of(String key) {
        int open = key.indexOf('{');
        int close = open < 0 ? -1 : key.indexOf('}', open);
        String part = close > open + 1 ? key.substring(open + 1, close) : key;
        int crc = 0;
        for (byte one : part.getBytes(StandardCharsets.UTF_8)) {
            crc ^= (one & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL;
            }
            crc &= 0xffff;
        }
        return crc % COUNT;
    }
}
