package io.tidemark.ingest.epoch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StoredFormsTest {

    @Test
    void theStateIsReadBackAsItWas() {
        StreamState state =
                new StreamState(2, "why", "7345", 1, 16400, new TreeMap<>(Map.of("public.a", 1L, "b.c", 2L)), false);

        assertThat(StreamState.parse(state.json())).isEqualTo(state);
        assertThat(StreamState.parse(state.withSnapshotDone().json()).snapshotDone())
                .isTrue();
    }

    @Test
    void whatIsNoStateIsRefused() {
        assertThatThrownBy(() -> StreamState.parse("x".getBytes(UTF_8))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StreamState.parse("{}".getBytes(UTF_8))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void debeziumsOffsetsAreReadInEachPhase() {
        assertThat(
                        offset(
                                "{\"snapshot\":\"INITIAL\",\"lsn\":5,\"last_snapshot_record\":false,\"snapshot_completed\":false}"))
                .isEqualTo(new StoredOffset(0, 5, true));
        assertThat(
                        offset(
                                "{\"snapshot\":\"INITIAL\",\"lsn\":5,\"last_snapshot_record\":true,\"snapshot_completed\":true}"))
                .isEqualTo(new StoredOffset(0, 5, false));
        assertThat(offset("{\"lsn_proc\":9,\"messageType\":\"UPDATE\",\"lsn_commit\":8,\"lsn\":9,\"txId\":7}"))
                .isEqualTo(new StoredOffset(8, 9, false));
    }

    @Test
    void lsnsArePrintedAndReadAsPostgresDoes() {
        assertThat(Lsn.text(0x16B3748)).isEqualTo("0/16B3748");
        assertThat(Lsn.text(0xABCD_0000_0010L)).isEqualTo("ABCD/10");
        assertThat(Lsn.parse("ABCD/10")).isEqualTo(0xABCD_0000_0010L);
        assertThat(Lsn.parse(Lsn.text(-1))).isEqualTo(-1);
        assertThatThrownBy(() -> Lsn.parse("10")).isInstanceOf(IllegalArgumentException.class);
    }

    private static StoredOffset offset(String json) {
        return StoredOffset.parse(json.getBytes(UTF_8));
    }
}
