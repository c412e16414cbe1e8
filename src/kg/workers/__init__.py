"""Workers: processes that answer strangers' queries, and that can be killed.

A query that runs cannot be interrupted, may take all memory, and may end the process that runs it. So the web process runs
none: a :class:`kg.workers.pool.Pool` gives each to a worker, which may use so much memory and no network, and kills it at the deadline.

======================  ============================================================================================
:mod:`~.task`           what is asked and what is answered, as JSON
:mod:`~.frames`         how both cross the channel
:mod:`~.evaluation`     in the worker: one task answered, as bytes in the format asked for
:mod:`~.confinement`    in the worker: what it gives up before it reads its first task
:mod:`~.worker`         the worker's process
:mod:`~.zygote`         the process that workers are forked from: it has loaded the release and has no threads
:mod:`~.process`        a worker as the web process sees it
:mod:`~.nursery`        how the web process gets one: forked from the zygote, or spawned
:mod:`~.lane`           which of the queries that take long run, and which are stopped until it is their turn
:mod:`~.pool`           which worker runs what, for how long
======================  ============================================================================================
"""
