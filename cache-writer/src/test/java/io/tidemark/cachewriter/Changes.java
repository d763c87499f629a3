package io.tidemark.cachewriter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.TimeUnit;

/** Debezium envelopes of the table {@code item}, made by hand, each a later change than the one before. */
final class Changes {
    private long lsn;

    /** @param walLsn where the WAL stands: changes must not be ahead of it */
    Changes(long walLsn) {
        this.lsn = walLsn - 1_000_000;
    }

    /** From now on changes stand where the WAL is. */
    void catchUp(long walLsn) {
        lsn = Math.max(lsn, walLsn);
    }

    static byte[] key(int id) {
        return ("{\"id\":" + id + "}").getBytes(UTF_8);
    }

    /** A row that was inserted or updated. */
    byte[] row(String operation, int id, String name) {
        return row(operation, id, name, "null");
    }

    byte[] row(String operation, int id, String name, String bigJson) {
        return envelope(
                operation,
                "{\"id\":" + id + ",\"name\":\"" + name + "\",\"price\":\"1.50\",\"big\":" + bigJson + "}",
                next());
    }

    byte[] update(int id, String name) {
        return row("u", id, name);
    }

    byte[] delete() {
        return envelope("d", "null", next());
    }

    byte[] truncate(long at) {
        return envelope("t", "null", at);
    }

    /** Where the next change stands. */
    long next() {
        return lsn += 8;
    }

    static byte[] envelope(String operation, String after, long lsn) {
        long micros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
        return ("{\"before\":null,\"after\":" + after + ",\"op\":\"" + operation + "\",\"ts_ms\":" + micros / 1000
                        + ",\"source\":{\"version\":\"3.6.1.Final\",\"connector\":\"postgresql\",\"name\":\"tidemark\",\"db\":\"shop\","
                        + "\"schema\":\"public\",\"table\":\"item\",\"txId\":700,\"ts_us\":" + micros + ",\"ts_ms\":"
                        + micros / 1000
                        + ",\"sequence\":\"[\\\"" + lsn + "\\\",\\\"" + lsn + "\\\"]\",\"lsn\":" + lsn + "}}")
                .getBytes(UTF_8);
    }
}
