/** The reconciler on the whole product: drift is planted behind the pipeline's back, and has to be found, named and repaired. */
@org.jspecify.annotations.NullMarked
package io.tidemark.systemtests.reconcile;
