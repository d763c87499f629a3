package io.tidemark.ingest.debezium;

import io.debezium.config.CommonConnectorConfig;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import io.debezium.pipeline.EventDispatcher;
import io.debezium.pipeline.signal.actions.SignalAction;
import io.debezium.pipeline.signal.actions.SignalActionProvider;
import io.debezium.pipeline.source.spi.DataChangeEventListener;
import io.debezium.pipeline.spi.Partition;
import io.debezium.spi.schema.DataCollectionId;
import java.util.Map;

/**
 * Takes Debezium's own metrics off the stream. They make a text of every change for a JMX attribute that nobody reads, with
 * a JSON mapper made anew for each, which takes a quarter of the one thread that decodes the WAL; no setting turns it off.
 *
 * <p>Debezium finds it as a provider of signal actions, of which it has none: it is asked on the streaming thread, after
 * the metrics were put in place and before the first change is read.
 */
public final class NoEventSummaries implements SignalActionProvider {

    @Override
    public <P extends Partition> Map<String, SignalAction<P>> createActions(
            EventDispatcher<P, ? extends DataCollectionId> dispatcher,
            ChangeEventSourceCoordinator<P, ?> coordinator,
            CommonConnectorConfig settings) {
        dispatcher.setEventListener(DataChangeEventListener.NO_OP());
        return Map.of();
    }
}
