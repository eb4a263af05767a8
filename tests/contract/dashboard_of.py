"""What the dashboard would say of a run, from the JSON of its coordinator account: the mapping of its own backend.

It tells less than the account: neither epoch nor step, P2P as Hub and P2PGcs as Gcs, Ephemeral and Dummy as
nothing, a run that is not set up as active, and while a run waits, the clients that are ready as its clients."""

from chain_address import to_base58

DATE_MOST_MS = 8640000000000000        # JavaScript has no date past it
STATUS = {"Finished": "completed", "Paused": "paused", "WaitingForMembers": "waitingForMembers"}
SHOWN_AS = {"Hub": "Hub", "P2P": "Hub", "Gcs": "Gcs", "P2PGcs": "Gcs"}


def big(number):
    return f"\u0fcfBIG{number}"


def date(ms):
    return f"\u0fcfDAT{ms if ms <= DATE_MOST_MS else 'NaN'}"


def signers(state):
    coordinator, joined = state["coordinator"], state["clients_state"]
    if coordinator["run_state"] == "WaitingForMembers":
        return [row["id"]["signer"] for row in joined["clients"] if row["active"] == joined["next_active"]]
    return [row["id"]["signer"] for row in coordinator["epoch_state"]["clients"]]


def checkpoint_of(model):
    place = model["checkpoint"]
    kind, fields = next(iter(place.items())) if isinstance(place, dict) else (place, None)
    shown = SHOWN_AS.get(kind)
    return {shown: {name: text for name, text in fields.items() if text is not None}} if shown else None


def live_of(state):
    """The page's "state". A round that there is none of makes the real backend fail; here it is not told."""
    coordinator = state["coordinator"]
    model, config, epoch = coordinator["model"]["LLM"], coordinator["config"], coordinator["epoch_state"]
    live = {
        "phase": coordinator["run_state"],
        "phaseStartTime": date(1000 * coordinator["run_state_start_unix_timestamp"]),
        "epochStartTime": date(1000 * epoch["start_timestamp"]),
        "clients": [{"pubkey": to_base58(bytes(signer)), "witness": False} for signer in signers(state)],
        "checkpoint": checkpoint_of(model),
        "config": {"minClients": config["init_min_clients"], "epochTime": config["epoch_time"],
                   "cooldownTime": config["cooldown_time"], "maxRoundTrainTime": config["max_round_train_time"],
                   "roundWitnessTime": config["round_witness_time"], "warmupTime": config["warmup_time"],
                   "lrSchedule": model["lr_schedule"]}}
    if epoch["rounds_head"] < len(epoch["rounds"]):
        live["round"] = epoch["rounds"][epoch["rounds_head"]]["height"]
    return live


def summary_of(state, slot, ms):
    """A row of /runs."""
    coordinator, metadata = state["coordinator"], state["metadata"]
    moment = {"slot": big(slot), "time": date(ms)}
    status = {"type": STATUS.get(coordinator["run_state"], "active")}
    status.update({"at": moment} if status["type"] == "completed" else {})
    return {"arch": coordinator["model"]["LLM"]["architecture"], "id": coordinator["run_id"], "index": 0,
            "isOnlyRunAtThisIndex": True, "name": metadata["name"], "description": metadata["description"],
            "status": status, "pauseHistory": [], "totalTokens": big(0), "lastUpdate": moment,
            "size": big(metadata["num_parameters"]), "type": "text"}


def page_of(state, slot, ms):
    """The answer of /run/<id>/0."""
    empty = {"bandwidth": [], "loss": [], "tokensPerSecond": [], "lr": [], "evals": {}}
    return {"run": {"info": summary_of(state, slot, ms), "state": live_of(state), "recentTxs": [],
                    "metrics": {"summary": {"bandwidth": 0, "loss": None, "tokensPerSecond": 0, "lr": 0, "evals": {}},
                                "history": empty}},
            "error": None, "isOnlyRun": True}


def files_of(states, slot, ms):
    """The simulator's files of a dashboard that lists these runs."""
    listing = {"runs": [summary_of(state, slot, ms) for state in states], "totalTokens": big(0),
               "totalTokensPerSecondActive": big(0), "error": None}
    pages = {f"run/{state['coordinator']['run_id']}/0.json": page_of(state, slot, ms) for state in states}
    return {"runs.json": listing, **pages}
