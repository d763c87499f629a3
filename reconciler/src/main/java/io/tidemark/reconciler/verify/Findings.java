package io.tidemark.reconciler.verify;

import io.tidemark.reconciler.verify.Applied.NotAppliedException;
import java.sql.SQLException;
import java.util.List;

/** Takes in what a comparison of one cache finds, and does with it what was ordered. Used by one thread. */
public interface Findings {

    /** Does nothing. */
    Findings NONE = new Findings() {};

    /** Some entries differ. */
    default void drifted(List<Drift> drifts) throws SQLException, InterruptedException, NotAppliedException {}

    /** Some entries are right. */
    default void right(List<String> keys) throws SQLException, InterruptedException, NotAppliedException {}

    /** All entries that were to be looked at were; what was begun is to be ended. */
    default void finish() throws SQLException, InterruptedException, NotAppliedException {}
}
