package io.tidemark.core.change;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeReaderTest {
    private static final String UPDATE = """
            {"before":null,"after":{"id":42,"price":"1.50"},"op":"u","ts_ms":1,
             "source":{"schema":"public","table":"product","ts_us":1700000000123456,
                       "sequence":"[\\"24719320\\",\\"24716504\\"]"}}""";

    private final EnvelopeReader reader = new EnvelopeReader();

    @Test
    void readsAnEnvelopeWithAndWithoutItsSchemaPart() {
        Change plain = read("{\"id\":42}", UPDATE, Map.of());
        Change wrapped =
                read("{\"schema\":{},\"payload\":{\"id\":42}}", "{\"schema\":{},\"payload\":" + UPDATE + "}", Map.of());

        assertThat(wrapped).isEqualTo(plain);
        assertThat(plain.table()).hasToString("public.product");
        assertThat(plain.operation()).isEqualTo(Operation.UPDATE);
        assertThat(plain.version()).isEqualTo(new Version(1, 24_719_320, 24_716_504, 1));
        assertThat(plain.committedAtMicros()).isEqualTo(1_700_000_000_123_456L);
        assertThat(plain.after().get("price").textValue()).isEqualTo("1.50");
    }

    @Test
    void theHeadOfAChangeIsTheChangeWithoutItsRow() {
        Change whole = read("{\"id\":42}", UPDATE, Map.of());
        Change head = reader.readHead("{\"id\":42}".getBytes(UTF_8), UPDATE.getBytes(UTF_8), name -> null);

        assertThat(head.after()).isNull();
        assertThat(head.valueLeftOut()).isTrue();
        assertThat(head.key()).isEqualTo(whole.key());
        assertThat(head.version()).isEqualTo(whole.version());
        assertThat(head.operation()).isEqualTo(whole.operation());
        assertThat(head.table()).isEqualTo(whole.table());
    }

    @Test
    void epochComesFromItsHeader() {
        assertThat(read("{\"id\":42}", UPDATE, Map.of(ChangeHeaders.EPOCH, "7"))
                        .version()
                        .epoch())
                .isEqualTo(7);
    }

    @Test
    void deleteHalfOfAKeyUpdateStandsBeforeItsCreateHalf() {
        String delete = UPDATE.replace("\"op\":\"u\"", "\"op\":\"d\"");
        Change half = read("{\"id\":42}", delete, Map.of(ChangeHeaders.NEW_KEY, "{\"id\":43}"));

        assertThat(half.keyMoved()).isTrue();
        assertThat(half.version())
                .isLessThan(read("{\"id\":43}", UPDATE, Map.of()).version());
    }

    @Test
    void snapshotReadHasNoCommitYet() {
        String read = UPDATE.replace("\\\"24719320\\\"", "null").replace("\"op\":\"u\"", "\"op\":\"r\"");
        assertThat(read("{\"id\":42}", read, Map.of()).version()).isEqualTo(new Version(1, 0, 24_716_504, 1));
    }

    @Test
    void changeStreamedBeforeTheFirstCommitStandsBehindEveryReadOfTheSnapshot() {
        String streamed = UPDATE.replace("\\\"24719320\\\"", "null").replace("24716504", "100");
        assertThat(read("{\"id\":42}", streamed, Map.of()).version()).isEqualTo(new Version(1, 1, 100, 1));
    }

    @Test
    void truncateThatBeginsAnEpochStandsBeforeEveryReadOfTheSnapshot() {
        String truncate = "{\"op\":\"t\",\"source\":{\"schema\":\"public\",\"table\":\"product\","
                + "\"sequence\":\"[null,\\\"0\\\"]\"}}";
        assertThat(read("{}", truncate, Map.of(ChangeHeaders.EPOCH, "2")).version())
                .isEqualTo(new Version(2, 0, 0, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"24719320\",\"24716504\"]",
                "[ \"24719320\" , \"24716504\" ]",
                "[24719320,24716504]",
            })
    void aSequenceIsJsonHoweverItIsWritten(String sequence) {
        assertThat(read("{\"id\":42}", withSequence(sequence), Map.of()).version())
                .isEqualTo(new Version(1, 24_719_320, 24_716_504, 1));
    }

    @Test
    void anLsnHasNoSign() {
        assertThat(read("{\"id\":42}", withSequence("[\"18446744073709551615\",\"1\"]"), Map.of())
                        .version()
                        .commitLsn())
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"1\",\"2\",\"3\"]",
                "[\"1\"]",
                "[\"\",\"2\"]",
                "[\"1\",\"\"]",
                "[\"1\",\"]",
                "[\"1\",\"x\"]",
                "[\"1\",\"2\"",
                "\"1\",\"2\"",
                "[\"-1\",\"2\"]",
                "[\"1\",\"18446744073709551616\"]",
                ""
            })
    void aSequenceThatIsNotTwoLsnsIsRefused(String sequence) {
        String change = withSequence(sequence);
        assertThatThrownBy(() -> read("{\"id\":42}", change, Map.of()))
                .isInstanceOf(UnreadableChangeException.class)
                .hasMessageContaining("source.sequence");
    }

    private static String withSequence(String sequence) {
        return UPDATE.replace("[\\\"24719320\\\",\\\"24716504\\\"]", sequence.replace("\"", "\\\""));
    }

    @ParameterizedTest
    @CsvSource({
        // By ingest-service, by a Kafka Connect cluster, by a connector that somebody set up without our headers.
        "2, , u, 0",
        "2, kafka-connect, u, 771",
        ", , u, 771",
        "2, kafka-connect, r, 0",
    })
    void onlyIngestServicePublishesWhatEveryReaderSees(
            String epoch, String capturedBy, String operation, long transaction) {
        Map<String, String> headers = new HashMap<>();
        headers.put(ChangeHeaders.EPOCH, epoch);
        headers.put(ChangeHeaders.CAPTURED_BY, capturedBy);
        String change = UPDATE.replace("\"schema\":", "\"txId\":771,\"schema\":")
                .replace("\"op\":\"u\"", "\"op\":\"" + operation + "\"");
        assertThat(read("{\"id\":42}", change, headers).unseenTransaction()).isEqualTo(transaction);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":4711                      | key: expected JSON",
                "[4711]                            | key: expected an object, found array",
            })
    void keyThatCannotBeReadIsNamedWithoutItsValue(String key, String message) {
        assertThatThrownBy(() -> read(key, UPDATE, Map.of()))
                .isInstanceOf(UnreadableChangeException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("4711");
    }

    @Test
    void tenThousandLevelsAreRefused() {
        String deep = "{\"after\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
        assertThatThrownBy(() -> read("{\"id\":42}", deep, Map.of()))
                .isInstanceOf(UnreadableChangeException.class)
                .hasMessageContaining("at most 100 levels");
    }

    private Change read(String key, String value, Map<String, String> headers) {
        return reader.read(key.getBytes(UTF_8), value.getBytes(UTF_8), name -> {
            String header = headers.get(name);
            return header == null ? null : header.getBytes(UTF_8);
        });
    }
}
