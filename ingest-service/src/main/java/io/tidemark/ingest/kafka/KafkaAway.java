package io.tidemark.ingest.kafka;

import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.TimeoutException;

/** Tells failures that mean Kafka is not there. */
public final class KafkaAway {
    private KafkaAway() {}

    /** Whether the failure passes when Kafka is back. */
    public static boolean isAway(Throwable failure) {
        return failure instanceof TimeoutException
                || failure instanceof NetworkException
                || failure instanceof DisconnectException
                || failure instanceof BrokerNotAvailableException
                || failure instanceof NotEnoughReplicasException;
    }
}
