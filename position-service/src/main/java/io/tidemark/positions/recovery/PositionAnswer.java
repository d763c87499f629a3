package io.tidemark.positions.recovery;

import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.Position;
import java.util.List;

/**
 * An answer to the question where a store stands. Immutable.
 *
 * @param position where; its own layer says where it was first restored from
 * @param answeredBy the layer that gave this answer
 * @param warnings layers that could not be asked, and what could not be recovered; empty when all is well
 */
public record PositionAnswer(Position position, Layer answeredBy, List<String> warnings) {
    public PositionAnswer {
        warnings = List.copyOf(warnings);
    }
}
