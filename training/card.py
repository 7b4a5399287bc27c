"""
Writes the model card of a package from model.json and evaluation/*.json, so that no figure in it was typed.

Usage: card.py [FOLDER], by default model/us-equities.
"""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

from strategies import NAMES

TITLES = {
    "trm": "this model", "prior": "the class prior", "sixty_forty": "always balanced_safe (60/20)", "last_winner": "last week's winner",
    "logistic_regression": "logistic regression", "boosted_trees": "boosted trees",
}
PERIODS = {
    "test": "Test: {year}, opened once",
    "validation": "Validation: 2021, by which training stopped and the temperature and the baselines' strengths were fitted",
    "walk-forward": "Walk-forward: 2014 to 2020, each year by models fitted only to the years before",
}

MOST_CALIBRATION_ERROR, LEAST_SAID = 0.05, 4

TEMPLATE = """# {version}

{verdict}

A Tiny Recursive Model (H {hidden}, T {cycles}, n {steps}; 1,981,449 parameters) that reads the ten `causal-v2` features of a
session and weighs eight SPY/TLT/cash allocations for the next {horizon} sessions. It is a working example of the pipeline,
not investment advice.

Every figure below comes from `model.json` and `evaluation/*.json`, which the commands beside them write;
`/usr/bin/python3 training/card.py` writes this page from them. `features.csv` is made by
`./trm features --outcomes --from 2010-01-04 --to 2022-12-30 --csv features.csv` from the daily bars of `us-equities`.

## What may be believed

- Weights and normalisation come from {rows} sessions, {first} to {last_row}; the label of the last of them ends in 2020.
  Stopping epoch ({epoch}) and temperature ({temperature:.3f}) come from the {validation_rows} sessions of 2021. A row is in a
  period only if the {horizon} sessions of its label are too, so that no label reaches over a border.
- Label constants and training settings were chosen on sessions up to 2020 (the walk-forward below, and `training/README.md`
  for what was tried). 2021 stopped and calibrated the model and was looked at while it was being made: a first run, stopped by
  the single best epoch (the third), said two strategies only in all years, and its stopping rule was replaced. So take 2021 as
  training. 2022 was opened by one command, once, when nothing was left to choose: the code drops it as it reads unless that
  command says so.
- 2022 is nevertheless not untouched. An earlier package, us-equities-1, was reported on 2021-2022, and who made this one had
  read its card. A low learning rate, input noise of 0.4, weight decay and a long average of the weights were inherited from it,
  and it had chosen them after two looks at those years; so were the two risk charges and the softmax of the label rule, with
  other constants. What is new here (constants, supervision after each cycle, temperature) did not see 2022.
- "Best constant" is the allocation with the highest mean utility over the very sessions of a table: known only afterwards.
- `put_call_ratio` is vix/20 throughout (no series was supplied), so it repeats `vix`. `signal_quality` was drawn at random
  from 0 to 1 for half of the training samples, because a live feed lowers it and history hardly does; the row "at quality 0" is
  the model with a stale feed.

## Labels

Rule `utility-v1` (`core/Outcomes`): over the {horizon} sessions after a session, entered at its close, with simple daily returns r of an
allocation and r₀ of the mean of the eight, utility = Σr − {total_risk:g}/2·Σr² − {active_risk:g}/2·Σ(r − r₀)²; target =
softmax(utility / {label_temperature:g}). `/usr/bin/python3 training/labels.py features.csv` prints this table of the sessions up to
2020; mean entropy of the targets {entropy[mean]:.3f} nats (10th to 90th percentile {entropy[p10]:.2f} to {entropy[p90]:.2f}) of ln 8 = 2.079.

| strategy | is the best | mean share of the target |
|---|---|---|
{support}

{periods}

## Reliability

![confidence against hit rate](reliability.svg)

Hit: the strategy said is the one best of the eight. Expected calibration error over bins of a tenth of confidence.

## Halt

{halt}

## Reproduction

{reproduction} Seed {seed}. `golden.json` has 64 sessions
up to 2021 with the outputs of the PyTorch model in double precision; `./trm model verify` holds the engine to them.
"""


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "model/us-equities")
    model = json.loads((folder / "model.json").read_text())
    results = {p: json.loads((folder / "evaluation" / f"{p}.json").read_text()) for p in [*PERIODS, "reproduction"]}
    (folder / "README.md").write_text(card(model, results))
    draw(results, folder / "reliability.svg")


def card(model: dict, results: dict) -> str:
    training, labels = model["training"], model["labels"]
    return TEMPLATE.format(
        version=model["version"], verdict=verdict(results["test"], model),
        hidden=model["architecture"]["hidden"], cycles=model["architecture"]["recursion_cycles"], steps=model["architecture"]["latent_steps"],
        horizon=labels["horizon_sessions"], total_risk=labels["total_risk"], active_risk=labels["active_risk"], label_temperature=labels["temperature"],
        rows=f"{training['rows']:,}", first=training["first_session"], last_row=training["last_row"], epoch=training["epoch"],
        validation_rows=training["validation"]["rows"], temperature=model["calibration"]["temperature"],
        entropy=training["labels"]["entropy"],
        support="\n".join(
            f"| {name} | {percent(wins)} | {percent(soft)} |"
            for name, wins, soft in zip(NAMES, training["labels"]["wins"], training["labels"]["soft"])
        ),
        periods="\n\n".join(section(name, results[name]) for name in PERIODS),
        halt=halt(results), seed=training["settings"]["seed"], reproduction=reproduction(results["reproduction"]),
    )


def verdict(test: dict, model: dict) -> str:
    """What the test says, in a paragraph: won, lost or not to be told apart, by the interval."""
    trm, below = test["predictors"]["trm"], test["trm_log_loss_below"]
    outcomes = {
        "it beats": [name for name in below if below[name]["low"] > 0],
        "IT LOSES TO": [name for name in below if below[name]["high"] < 0],
        "it does not beat, within the error of so few sessions,": [name for name in below if below[name]["low"] <= 0 <= below[name]["high"]],
    }
    says = "; ".join(
        f"{outcome} " + ", ".join(f"{TITLES[name]} ({signed(below[name])})" for name in names) for outcome, names in outcomes.items() if names
    )
    utility = trm["utility_above_best_constant"]
    return (
        f"**On the test year {test['first_session'][:4]} the log-loss of this model is {trm['log_loss']:.4f}: {says}.** In brackets by how much, with the "
        f"95 % interval. Its expected calibration error is {trm['calibration_error']:.3f}, it says {sum(share > 0 for share in trm['said'].values())} of the eight "
        f"strategies, its confidence runs from {trm['confidence']['p10']:.3f} to {trm['confidence']['p90']:.3f} (10th to 90th percentile) and it names the best "
        f"strategy in {percent(trm['top1'])} of the sessions. Following what it says came to {1e4 * utility['mean']:+.1f} basis points of utility a week against "
        f"always {test['best_constant']} ({1e4 * utility['low']:+.1f} to {1e4 * utility['high']:+.1f}). Five sessions ahead, how much markets move can be foreseen "
        f"a little and their direction hardly; read its confidence as the spread of a weak opinion.{missed(test, model)}"
    )


def missed(test: dict, model: dict) -> str:
    """The aims of this package that the test year does not show, and what stands behind it."""
    trm = test["predictors"]["trm"]
    said = sum(share > 0 for share in trm["said"].values())
    aims = [
        f"a calibration error of at most {MOST_CALIBRATION_ERROR} ({trm['calibration_error']:.3f})" if trm["calibration_error"] > MOST_CALIBRATION_ERROR else "",
        f"{LEAST_SAID} strategies said ({said})" if said < LEAST_SAID else "",
    ]
    aims = [aim for aim in aims if aim]
    if not aims:
        return ""
    best = test["best_constant"]
    before = model["training"]["labels"]["wins"][NAMES.index(best)]
    return (
        f" **Two things that were aimed at are missed: {' and '.join(aims)}.**" if len(aims) == 2 else f" **What was aimed at and is missed: {aims[0]}.**"
    ) + (
        f" In this year {best} was the best in {percent(test['constants'][best]['wins'])} of the sessions, against {percent(before)} up to 2020; hits were "
        f"{percent(trm['top1'])} where the mean confidence was {percent(trm['confidence']['mean'])}. No temperature fitted to earlier years knows that, and none "
        "was fitted to this one."
    )


def signed(below: dict) -> str:
    return f"{below['mean']:+.4f}, {below['low']:+.4f} to {below['high']:+.4f}"


def section(period: str, results: dict) -> str:
    predictors, constants = results["predictors"], results["constants"]
    if "quality_0" in results:
        predictors = {**predictors, "this model at quality 0": results["quality_0"]}
    lines = [
        f"## {PERIODS[period].format(year=results['first_session'][:4])}", "",
        f"`{results['command']}`: {results['sessions']:,} sessions, {results['first_session']} to {results['last_session']}. Intervals: 95 %, "
        f"bootstrap of blocks of 21 sessions. Log-loss against the soft targets, in nats (their own entropy, which nothing can beat: "
        f"{results['log_loss_of_targets']:.4f}); Brier, top-1, top-3 and ECE against the one best strategy.", "",
    ]
    if "folds" in results:
        settings = results["settings"]
        lines += [
            f"Here the model has H {settings['hidden']}, all else as shipped. Each fold: weights from the years up to two before, stopping, temperature and the "
            "baselines' strengths from the year before, then the year itself.", "",
        ]
    lines += [
        "| | log-loss | below the prior's by | log-loss of the best | Brier | top-1 | top-3 | ECE | confidence p10 / p90 | strategies said |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(quality(TITLES.get(name, name), figures) for name, figures in predictors.items()), "",
        f"What came of it: utility a week in basis points, above the best constant's ({results['best_constant']}), and daily returns without costs.", "",
        "| | utility | above the best constant | return a year | volatility | drawdown | turnover a year |", "|---|---|---|---|---|---|---|",
        *(money(TITLES.get(name, name), figures) for name, figures in predictors.items()),
        *(money(f"always {name}", figures) for name, figures in constants.items()), "",
        "Said by this model: " + ", ".join(f"{name} {percent(share)}" for name, share in results["predictors"]["trm"]["said"].items() if share > 0) + ".",
    ]
    if "folds" in results:
        lines += [
            "", "Log-loss by year:", "", "| year | trained on | epoch | temperature | " + " | ".join(TITLES[name] for name in results["folds"][0]["log_loss"]) + " |",
            "|---" * (4 + len(results["folds"][0]["log_loss"])) + "|",
            *(
                f"| {fold['year']} | {fold['train_sessions']:,} | {fold['epoch']} | {fold['temperature']:.3f} | "
                + " | ".join(f"{value:.4f}" for value in fold["log_loss"].values()) + " |"
                for fold in results["folds"]
            ),
        ]
    return "\n".join(lines)


def quality(title: str, figures: dict) -> str:
    below, confidence = figures["log_loss_below_prior"], figures["confidence"]
    return (
        f"| {title} | {figures['log_loss']:.4f} | {below['mean']:+.4f} ({below['low']:+.4f} to {below['high']:+.4f}) | {figures['log_loss_of_winner']:.4f} "
        f"| {figures['brier']:.4f} | {percent(figures['top1'])} | {percent(figures['top3'])} | {figures['calibration_error']:.3f} "
        f"| {confidence['p10']:.3f} / {confidence['p90']:.3f} | {sum(share > 0 for share in figures['said'].values())} |"
    )


def money(title: str, figures: dict) -> str:
    above = figures.get("utility_above_best_constant")
    compared = f"{1e4 * above['mean']:+.1f} ({1e4 * above['low']:+.1f} to {1e4 * above['high']:+.1f})" if above else ""
    return (
        f"| {title} | {1e4 * figures['utility']:+.1f} | {compared} | {percent(figures['annual_return'])} | {percent(figures['annual_volatility'])} "
        f"| {percent(figures['max_drawdown'])} | {figures['annual_turnover']:.1f} |"
    )


def halt(results: dict) -> str:
    lines = [
        "The halt head is trained by binary cross-entropy to say how probable it is that the strategy said is the best one. Its squared error beside that "
        "of the confidence itself:", "", "| | mean halt | hit rate | Brier of halt | Brier of confidence |", "|---|---|---|---|---|",
    ]
    for period in PERIODS:
        trm = results[period]["predictors"]["trm"]
        lines.append(f"| {period} | {trm['halt']['mean']:.3f} | {trm['top1']:.3f} | {trm['halt']['brier']:.4f} | {trm['halt']['brier_of_confidence']:.4f} |")
    return "\n".join(lines)


def reproduction(run: dict) -> str:
    return (
        f"`/usr/bin/python3 training/train.py features.csv` makes the package. Made a second time (`{run['command']}`), no weight differed by more than "
        f"{run['largest_difference']:.1g}; that run took {run['processor_seconds'] / 60:.0f} minutes of one core."
    )


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def draw(results: dict, path: Path) -> None:
    """Confidence against hit rate, one line a period, the size of a mark by its sessions."""
    plt.rcParams.update({"svg.hashsalt": "reliability", "font.size": 9})
    figure, axes = plt.subplots(figsize=(4.6, 3.4), layout="constrained")
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8, linestyle="--")
    for period in PERIODS:
        trm = results[period]["predictors"]["trm"]
        table = trm["reliability"]
        confidence, hits = [row["average_confidence"] for row in table], [row["hit_rate"] for row in table]
        line, = axes.plot(confidence, hits, label=f"{period} (ECE {trm['calibration_error']:.3f})")
        axes.scatter(confidence, hits, s=[8 + 120 * row["sessions"] / results[period]["sessions"] for row in table], color=line.get_color())
    axes.set(xlim=(0, 0.7), ylim=(0, 0.7), xlabel="confidence", ylabel="hit rate")
    axes.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
