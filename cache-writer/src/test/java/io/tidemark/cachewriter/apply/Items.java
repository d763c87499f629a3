package io.tidemark.cachewriter.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.TableId;
import io.tidemark.core.change.Version;
import io.tidemark.core.document.Format;
import io.tidemark.core.document.RowDocuments;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.FieldSelection;
import io.tidemark.core.pipeline.KeyTemplate;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.ColumnType;
import io.tidemark.core.postgres.RowReader;
import io.tidemark.core.postgres.TableShape;
import java.util.List;

/** A table {@code item(id int)} with a cache, and changes of its rows. */
final class Items {
    private static final TableId TABLE = new TableId("public", "item");

    private Items() {}

    static Change change(int id, Operation operation, long lsn) {
        ObjectNode row = operation.leavesRow() ? key(id) : null;
        return new Change(TABLE, operation, new Version(1, lsn, lsn, 1), lsn, key(id), null, row, false, false);
    }

    static ObjectNode key(int id) {
        return JsonNodeFactory.instance.objectNode().put("id", id);
    }

    static Target target() {
        ColumnType integer = new ColumnType("pg_catalog", "int4", ColumnType.Kind.BASE, -1, null);
        TableShape shape = new TableShape(
                TABLE,
                List.of(new Column("id", "integer", integer, true, false, false)),
                List.of("id"),
                TableShape.ReplicaIdentity.DEFAULT,
                false,
                "f");
        Cache cache = new Cache(
                "item", TABLE, KeyTemplate.parse("item:{id}"), FieldSelection.ALL, null, List.of(), Format.JSON);
        return new Target(cache, true, new RowDocuments(shape, name -> true), new RowReader(shape, name -> true));
    }
}
