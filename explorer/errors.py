"""What can go wrong, in one sentence each, with the cure.

ExplorerError
├── ConfigError     a model or training setting that cannot work
├── DataError       an image set or a picture that cannot be read, fetched or kept
├── QuantizerError  tensors that a quantizer cannot take
├── TrainingError   a run that cannot go on
├── RunError        a run or a classifier that is missing, damaged, foreign or too new
├── FileError       a file of somebody's codebook or code indices that cannot be reported on
├── RecordError     a record of somebody's training that cannot be written or read
└── ViewError       an id or a number that names nothing on the page

Every error carries a `code` and the parameters of its sentence, so that the page can say it in another language
(`explorer.ui.text` holds the Chinese twins). Anything else that is raised is a bug and stays loud.
"""

from __future__ import annotations


class ExplorerError(Exception):
    """An expected failure. `str(error)` is the English sentence: what was expected, what came, what helps.

    Args:
        code: a key of `MESSAGES`.
        params: the values its template names.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(MESSAGES[code].format(**params))
        self.code = code
        self.params = params


class ConfigError(ExplorerError):
    """A model or training setting that cannot work."""


class DataError(ExplorerError):
    """An image set or a picture that cannot be read."""


class QuantizerError(ExplorerError):
    """Tensors that a quantizer cannot take."""


class TrainingError(ExplorerError):
    """A run that cannot go on."""


class RunError(ExplorerError):
    """A run or a classifier that is missing, damaged, foreign or too new."""


class FileError(ExplorerError):
    """A file of somebody's codebook or code indices that cannot be reported on."""


class RecordError(ExplorerError):
    """A record of somebody's training that cannot be written or read."""


class ViewError(ExplorerError):
    """An id or a number that names nothing on the page."""


MESSAGES: dict[str, str] = {
    # data
    "image_set_unknown": "there is no image set called {name!r}: choose one of {known}",
    "split_unknown": "there is no split called {name!r}: choose one of {known}",
    "factors_unknown": "no feature of {name}'s pictures is known: bring a factors.csv with them, or use faces",
    "image_set_file_missing": "{path} is missing: restore it, or rebuild it with python -m explorer.data.build {name}",
    "image_set_file_damaged": "{path} is damaged: restore it, or rebuild it with python -m explorer.data.build {name}",
    "image_set_manifest_damaged": (
        "{path} cannot be read: restore it, or rebuild it with python -m explorer.data.build {name}"
    ),
    "image_set_hash_mismatch": (
        "the pictures of {name!r} have SHA-256 {found} where {expected} was expected:"
        " rebuild them with python -m explorer.data.build {name}"
    ),
    "debian_package_missing": "{path} is not there: install it with apt-get install {package}",
    "node_missing": "{program} is not there: install Node 18 or newer with npm, which only building the faces needs",
    "node_failed": "{command} failed ({reason}): mend that, then build the faces again",
    "raqm_missing": "this Pillow cannot join emoji sequences: install one whose features include raqm",
    # image sets that do not come with the program
    "cache_not_writable": "cannot write to {folder} ({reason}): free some space, or let EXPLORER_CACHE name another",
    "image_set_to_fetch": (
        "{title} is not on this machine yet: fetch its {megabytes} MB with python -m explorer data get {name}"
    ),
    "stored_set_damaged": (
        "{path} is damaged: remove it with python -m explorer data remove {name}, then fetch or add the set again"
    ),
    "stored_set_unknown": "there is no image set called {name!r} in the cache folder: python -m explorer data list",
    "fetch_failed": "cannot fetch {file} ({reason}): check the network, or put the file into {folder} yourself",
    "fetch_other_file": (
        "what came as {file} is another file (SHA-256 {found}… where {expected}… was expected): try again later"
    ),
    "published_damaged": "the files of {title} in {folder} are damaged: delete them and fetch the set again",
    # the user's own pictures
    "own_source_missing": "there is no folder or zip file {path}: check the path",
    "own_source_empty": "{path} holds no files: put pictures into it, in a sub-folder for each class",
    "own_zip_damaged": "{path} is no folder and no zip file that can be read: zip your folder again",
    "own_too_many_files": "{path} holds more than the {limit} files that are taken: leave some out",
    "own_too_many_classes": "{path} has {classes} sub-folders, up to {limit} classes are taken: join some of them",
    "own_too_few": "{path} holds {kept} pictures, at least {least} are needed: add some",
    "own_too_few_good": (
        "only {kept} of the {files} files in {path} can be used, at least {least} are needed: mend the others,"
        " beginning with this one: {first}"
    ),
    "own_too_alike": (
        "the {kept} pictures in {path} are too much alike to be split: add different ones, or say that they may be,"
        " by time as the frames of a film (--picture-split time) or each by itself (--picture-split file)"
    ),
    "own_flat": "{flat} of the {kept} pictures in {path} are of one colour all over: export them again",
    "own_remark_scaled": "{count} pictures of {kind} are scaled so that {black} is black and {white} is white",
    "own_remark_alike": "several folders are called alike and are kept apart by a number: {names}",
    "own_remark_splits": "the folders are taken as splits, not as classes: {splits}",
    "own_names_unclear": (
        "the names in this zip do not say in which encoding they are, and several read them: {readings}; say which one"
        " with --zip-names"
    ),
    "own_names_encoding": "the names in this zip are not in {encoding}: choose another one, or leave it out",
    "own_clash": (
        "{name} is an image set and a folder or zip here too: write ./{name} for the pictures, set:{name} for the set"
    ),
    "own_name": "{name!r} is no name for an image set: take small letters, digits and hyphens, such as {suggestion}",
    "own_name_taken": "there is another image set called {name}: choose another name",
    "own_choice": "{name} takes one of {known}, got {got}",
    "own_file_unreadable": "{file} may not be read ({reason}): change its permissions",
    "own_file_special": "{file} is no ordinary file: put the picture itself in its place",
    "own_file_link": "{file} is a link: put the picture itself in its place",
    "own_file_escapes": "{file} leads out of the archive: zip the folder again, with plain paths",
    "own_file_encrypted": "{file} is encrypted: zip the folder again without a password",
    "own_file_method": "{file} is packed in a way that is not read here: zip the folder again in the usual way",
    "own_file_bomb": "{file} unpacks to {times} times its size, as zip bombs do: leave it out",
    "own_file_large": "{file} has more than the {limit} MB that are taken: save it smaller",
    "own_zip_unpacks": "{file} comes after the {limit} MB that a zip may unpack to: split the zip",
    "own_file_damaged": "{file} is damaged or cut off: copy or save it again",
    "own_file_nested": "{file} is an archive of its own: unpack it first",
    "own_factors_unreadable": (
        "{file} is no table with file as its first column and a name for each of the others: save it as CSV in UTF-8"
    ),
    "own_factors_columns": "{file} names {columns} features, 1 to {limit} are taken: leave some out",
    "own_factors_missing": "{file} names {count} files that are not there, first {first}: write paths as they are here",
    "own_factors_rows": "{file} has {rows} rows for {files} files: give each file one row",
    "own_factors_values": "{file} has {values} values of {name}, up to {limit} are taken: join some of them",
    "own_picture_none": "{file} is no picture that can be read, whatever its name: save it as PNG or JPEG",
    "own_picture_svg": "{file} is made of lines, not of pixels (SVG): export it as PNG",
    "own_picture_large": "{file} has more than {millions} million pixels or {side} a side: make it smaller",
    "own_picture_floats": "{file} holds values that are not finite (NaN or infinity): save it without them",
    # config
    "config_choice": "{name} takes one of {known}, got {got!r}",
    "config_name": "{name} takes the name of an image set, got {got!r}: see python -m explorer data list",
    "config_range": "{name} takes a number from {low} to {high}, got {got!r}",
    "config_unknown": "unknown settings: {names}; this run may come from a newer version of the explorer",
    "config_combination": "{setting} {name} goes with {other} {known}, got {got!r}: change one of the two",
    "config_fsq_levels": (
        "--quantizer fsq needs --num-embeddings that is a product of --embedding-dim whole numbers of 2 or more, got"
        " {num_embeddings} and {embedding_dim}: 256 and 2 will do, or 512 and 3"
    ),
    "config_fsq_few": (
        "FSQ has levels below 5 here ({levels}): its paper keeps 5 or more, since fewer reconstructed worse there"
        " (Mentzer 2023, section 4.1); a smaller --embedding-dim gives more of them"
    ),
    "config_bsq_sizes": (
        "--quantizer bsq has 2^D codes of D numbers, the corners of a cube; got --num-embeddings {num_embeddings} and"
        " --embedding-dim {embedding_dim}: 512 and 9 will do, or 256 and 8"
    ),
    "config_simvq_init": "SimVQ draws its codes once and never moves them: give it an init that needs no data",
    "kl_share": "a KL policy cannot have {name} = {got}: shares lie above 0 and up to 1, a floor is 0 or more",
    "config_groups": (
        "--quantizer grouped cuts the {embedding_dim} numbers of --embedding-dim into --groups {groups} of equal size:"
        " choose a divisor of {embedding_dim}"
    ),
    "config_levels": (
        "{levels} codebooks of {num_embeddings} codes are more than 62 bits a position: lower --levels, --groups or"
        " --num-embeddings"
    ),
    "config_codebook_lr": (
        "--codebook-lr moves a gradient codebook only: use --codebook-update gradient, or leave it out"
    ),
    "config_batch_too_large": "--batch-size {got} is more than the {images} training images: choose a smaller one",
    "config_batch_over_ranks": (
        "--batch-size {got} cannot be shared evenly by {ranks} processes: choose a multiple of {ranks}"
    ),
    "config_no_gpu": "there is no GPU that PyTorch can use here: leave --device out, or take --device cpu",
    "image_shape": (
        "images must be square and a multiple of {stride} pixels wide, got {height}×{width}: crop and resize them first"
    ),
    "batch_shape": "this model takes images {expected}, got {got}: was it trained on another image set?",
    "code_grid": "this model decodes grids of (B, {grid}, {grid}) code indices, got {got}",
    # prior
    "prior_grid": "this prior is over grids of (B, {height}, {width}) codes, got {got}",
    "prior_grid_full": "all {positions} codes of the grid are written: there is no next one",
    "prior_label": "this prior knows the labels 0 to {classes} (excluded), got {got}: leave the label out",
    # quantizer
    "codebook_size": (
        "a codebook needs at least one code and one dimension, got {num_embeddings} codes of {embedding_dim}"
    ),
    "commitment_cost_negative": "the commitment cost must be 0 or more, got {value}: 0.25 is the paper's",
    "quantizer_part_unknown": "there is no {what} called {name!r}: choose one of {known}",
    "ema_start_unknown": "there is no EMA start called {name!r}: choose one of {known}",
    "decay_out_of_range": "the EMA decay must be at least 0 and below 1, got {value}: 0.99 is usual",
    "epsilon_out_of_range": "epsilon must be above 0, got {value}: 1e-5 is usual",
    "restart_window": "a restart window needs at least one vector per code and one step, got {vectors} and {steps}",
    "wrong_channels": (
        "this quantizer takes (B, {expected}, *spatial) or (N, {expected}), got {shape}: "
        "move the channels to dimension 1"
    ),
    "not_finite": (
        "{bad} of {total} values to be quantized are NaN or infinite: training has diverged, try a lower learning rate"
    ),
    "no_vectors": "a quantizer needs at least one vector, got an empty batch: is the loader's last batch empty?",
    "not_floating": "vectors to be quantized must be floating point, got {dtype}: convert them with .float()",
    "indices_not_integer": "code indices must be integers, got {dtype}: convert them with .long()",
    "index_out_of_range": (
        "the codebook has {num_embeddings} codes but an index reaches {index}: "
        "was this made with another num_embeddings?"
    ),
    "codebook_not_free": "the codes of {quantizer} are made by a rule and cannot be set: load its whole state_dict",
    "codebook_other_shape": "this quantizer's codebook has shape {expected}, got {shape}: is it transposed?",
    "ema_state_part": (
        "the state of the EMA lacks {lacking}: give all of it, or the codebook alone, which begins its counts anew"
    ),
    "levels_number": "a composition needs one codebook or more, got {value}: residual levels are often 4, groups 2",
    "groups_uneven": (
        "{embedding_dim} numbers cannot be cut into {groups} groups of equal size: choose a divisor of {embedding_dim}"
    ),
    "levels_axis": (
        "this quantizer has {levels} codebooks and takes indices (B, *spatial, l) with l up to {levels}, got {shape}"
    ),
    "quantize_dropout": "quantize_dropout is a share of passes from 0 to 1, got {value}: 0 keeps all levels",
    "residual_projected": (
        "residual levels quantize vectors where they stand, and this {quantizer} moves them first: use vq or simvq with"
        " the euclidean distance (residual levels of FSQ are one finer grid)"
    ),
    "shared_update_every": "a codebook that levels share takes update_every 0 or 1, got {value}: give each its own",
    "update_every_negative": "update_every must be 0 or more, got {value}: 1 is a step of the codebook at every pass",
    "mask_shape": (
        "the mask must be {expected} of bools, True at vectors, got {shape} of {dtype}: leave the channels out"
    ),
    "pass_repeated": (
        "a backward pass runs this quantizer again on other vectors than its last pass had: with gradient"
        " checkpointing, call backward() after each pass, or leave the quantizer out of the checkpointed part"
    ),
    "init_needs_vectors": "the codebook init needs at least {needed} vectors, got {got}: gather more batches first",
    # training
    "training_diverged": (
        "the loss became {value} at step {step}: lower --lr (or --codebook-lr); the last good state is kept"
    ),
    "rank_lost": (
        "another process of this training is gone or silent, noticed after step {step} ({reason}): the run is kept as"
        " it was last saved; go on with --resume"
    ),
    "intervention_unknown": "there is no intervention called {what!r}: choose one of {known}",
    "intervention_other_model": "{what} changes nothing in this run: it is for another kind of model or quantizer",
    # training in the background
    "train_home": "{path} cannot be written to: set EXPLORER_HOME to a folder that can",
    "train_not_writable": "cannot write to {folder} ({reason}): give it back its permissions, then go on or keep",
    "train_disk_full": "the disk is full ({reason}): free some space, then go on from the last good state, or keep it",
    "train_memory": (
        "there was not enough memory for another step: close something, or train a smaller model; the last good state"
        " is kept"
    ),
    "train_died": (
        "its process was ended {times} times without getting on, as a machine out of memory does: close something,"
        " then go on from the last good state, or keep it"
    ),
    "train_crashed": "it stopped with an error of ours ({error}), told in full in {log}; the last good state is kept",
    "train_damaged": "the job in {folder} cannot be read any more: throw it away and start it again",
    "train_sides": "one run or two can be trained together, got {got}",
    "train_pair_differs": (
        "the two runs of a pair see the same batches, so {name} must be equal on both sides, got {got}"
    ),
    "train_too_many_points": (
        "these levels name {got:,} points together, the page draws up to {most:,}: choose fewer levels or codes"
    ),
    "train_too_many_steps": "a run here may have up to {most} steps, got {got}: ask for fewer",
    "train_too_many_images": (
        "an image set may have up to {most} images here, this one has {got}: train it on your own machine"
    ),
    "train_too_many_jobs": "up to {most} of your trainings may be under way here: wait for one, or throw one away",
    "train_too_many_runs": "up to {most} of your runs are kept here: download one and delete it",
    "train_too_many_sets": "up to {most} of your image sets are kept here: delete one",
    "train_queue_full": (
        "{most} trainings wait or run here, and this machine takes no more: wait for the queue, or duplicate the Space"
    ),
    "train_room_full": (
        "the {most} MB that this machine keeps for its visitors are full: delete what you no longer need, try again"
        " tomorrow, or duplicate the Space"
    ),
    "train_set_unknown": "there is no such image set of yours: it was deleted, or nobody looked at it for too long",
    "train_set_in_use": "a training of yours reads these pictures: let it end, or throw it away first",
    "pictures_too_large": "a zip of pictures may have up to {limit} MB here: use python -m explorer data add instead",
    "train_address_full": "{most} trainings from your address are unfinished: let one finish, or throw one away",
    "train_too_long": (
        "these {steps} steps take {minutes} minutes here, and {most} are allowed: take {fit} steps at most, or a"
        " smaller model"
    ),
    "train_view_only": "this link shows trainings and changes none: ask whoever sent it, or train some of your own",
    "train_job_unknown": "there is no such training any more: it was thrown away, or nobody looked at it for too long",
    "train_prior_unknown": "none of your runs that are kept here is {run}: the list in the tab Train names them",
    "train_prior_ae": "{run} is an autoencoder, which has no prior to learn: its spread was fitted after its training",
    "train_prior_waits": "a prior for {run} is being trained already: wait for it, or throw that training away",
    "train_not_now": "that is not possible while the training is {phase}: {do} asked for too early or too late",
    # runs
    "run_not_found": "there is no run {name}: `python -m explorer list` shows those that are here",
    "run_name": (
        "{got!r} cannot be the id of a run, up to 100 small letters, digits, dots and hyphens: take --id {suggestion}"
    ),
    "run_foreign": "{path} is not a run of this explorer: give the folder of a run that it saved",
    "run_too_new": "{path} has format {version}, this explorer reads up to {known}: update the explorer",
    "run_damaged": "{path} is damaged or was changed after saving: fetch or train the run again",
    "run_file_missing": "{path} is missing from its run: fetch or train the run again",
    "run_weights_mismatch": "the weights in {folder} do not fit the model its run.json describes: fetch the run again",
    "run_not_writable": "cannot write the run to {folder} ({reason}): choose another --out, or free some space",
    "run_finished": "the run in {folder} is finished at step {steps}: there is nothing to resume",
    "run_unfinished": "the run in {folder} stopped at step {step} of {steps}: go on with `train --resume {folder}`",
    "run_exists": "{folder} holds a run already: choose another --out, or go on with --resume {folder}",
    "run_too_large": (
        "the run in {folder} is larger than what is taken in from elsewhere: copy its folder into runs/ if you trust it"
    ),
    "run_exists_already": "{folder} is there already: move or delete it, or choose another folder with --into",
    "run_without_map": "{folder} has no latent of more than two numbers per image or cell: there is nothing to map",
    "run_other_images": "{folder} was trained on another version of the image set {name!r}: train it again",
    "runs_of_other_sets": "{first} and {second} were trained on different image sets: compare runs of the same one",
    "classifier_missing": "{path} is missing: restore it, or train the classifier with make classifiers",
    "classifier_none": "there is no classifier for the image set {name}: only bundled sets have one to measure with",
    "classifier_damaged": (
        "{path} is damaged or was changed after saving: restore it, or delete it and train it with make classifiers"
    ),
    "classifier_other_images": (
        "the classifier in {folder} was trained on another version of the image set {name!r}:"
        " delete it and train it again with make classifiers"
    ),
    "prior_other_weights": "the prior in {folder} was trained for other weights: run `train-prior {name}` again",
    "prior_weights_mismatch": "the prior in {folder} does not fit its prior.json: run `train-prior {name}` again",
    # hub
    "hub_name": "{got!r} cannot be the name of a repository: give it as USER/NAME",
    "hub_no_token": (
        "pushing needs a token with write access: make one at https://huggingface.co/settings/tokens and set HF_TOKEN,"
        " or run `hf auth login`"
    ),
    "hub_unreachable": "{endpoint} cannot be reached: check the network (and HF_HUB_OFFLINE), then try again",
    "hub_no_repository": (
        "there is no model repository {repository} at {endpoint}, or it is private: check its name, or set HF_TOKEN"
    ),
    "hub_no_run": "{repository} holds no run of this explorer, or not all of its files: was it made with push?",
    "hub_refused": (
        "the Hub refuses ({status}) what was asked of {repository}: use a token with access to it, as HF_TOKEN or with"
        " `hf auth login`"
    ),
    "hub_failed": "{endpoint} answered with {status}: try again later",
    "hub_too_large": "the run in {repository} is over {limit} MB, which is more than is fetched: get it with git",
    # studies
    "study_unknown": "there is no study called {name!r}: choose one of {known}",
    "study_not_twins": (
        "{one} and {other} should be twins but differ in their {what}: train both again with one version "
        "of this code on one kind of processor"
    ),
    # files of codebooks and indices
    "tensor_file_missing": "there is no file {name}: check the path",
    "tensor_file_pickle": (
        "{name} is a pickle, which could run any program here, so it is never opened: save the tensor yourself with"
        " safetensors.torch.save_file({{'codebook': tensor.detach().contiguous()}}, 'codebook.safetensors')"
    ),
    "tensor_file_unknown": "{name} is none of .npy, .npz and .safetensors: save codebook or indices as one of them",
    "tensor_file_damaged": "{name} cannot be read as its name says: it is damaged or something else; save it again",
    "tensor_file_cut_off": "{name} ends before its array does: copy or save it again",
    "tensor_file_header_lies": (
        "{name} claims {claimed} bytes but has {size}: it was cut off or made up; copy or save it again"
    ),
    "tensor_file_header_large": (
        "the header of {name} has over {limit} MB: save the codebook alone, or use python -m explorer report"
    ),
    "tensor_file_type": "{name} holds {dtype}, which is neither codes nor indices: save plain floats or integers",
    "tensor_file_empty": "{name} holds no floats of shape (K, D) and no integers: save a codebook or code indices",
    "tensor_axes": "{name} has {axes} axes, and an array has {most} at most: reshape it",
    "tensor_empty": "{name} has no values: was it saved before it was filled?",
    "tensor_key_unknown": "there is no tensor called {key!r}: choose one of {known}",
    "tensor_key_needed": "{name} holds several tensors that may be meant: choose with --key one of {known}",
    "codebook_shape": (
        "{name} holds floats of shape {shape}: a codebook has shape (K, D), and code indices must be integers; "
        "save the one matrix of code vectors, or the indices with .long()"
    ),
    "codebook_over_limit": "a codebook may have up to {limit} MB as float32 here, this one has {shape}",
    "codebook_transposed": (
        "the codebook is read as {codes} codes of {dim} numbers, but an index reaches {index}: "
        "it looks transposed, (D, K); save codebook.T"
    ),
    "codebook_long": (
        "a code may have up to {limit} numbers, this matrix has {shape}: if that is (D, K), save codebook.T"
    ),
    "codebook_not_finite": "{bad} of {total} values of the codebook are NaN or infinite: training has diverged",
    "indices_negative": "an index is {index}: if that marks padding, name it with --ignore-id {index}",
    "indices_too_large": (
        "an index reaches {index} where {num_embeddings} codes are expected: was this made with another num_embeddings?"
    ),
    "indices_bare_large": (
        "an index reaches {index}, and bare indices are counted up to {limit}: give K with --num-embeddings, or the"
        " codebook, if these are code indices"
    ),
    "indices_narrow": (
        "{name} cannot name all of {codes} codes: larger indices have wrapped and cannot be told apart; save them with"
        " .long()"
    ),
    "levels_unfit": (
        "there are {levels} codebooks, but indices of shape {shape} have no axis of {levels}, last or first: save them"
        " as (..., {levels})"
    ),
    "report_whole": "--{name} takes a whole number written in digits, got {got}",
    "report_number": "--{name} takes a whole number from 1 to {limit}, got {got}",
    "upload_too_large": "uploads take up to {limit} MB here: use python -m explorer report, which has no limit",
    "upload_unpacks": "{name} has over {limit} MB of values: use python -m explorer report, which has no limit",
    "upload_silent": "next to nothing came for {seconds} seconds: check your connection, and send it again",
    "upload_not_as_announced": "the upload was cut off or is not what was announced: send it again",
    "indices_all_ignored": "every index is the ignored one: nothing is left to count",
    "report_ending": "a report is written to a file that ends in {known}, got {name}: choose one of them",
    "report_not_written": "{path} cannot be written ({reason}): choose another place",
    # records of somebody's training
    "record_missing": "there is no record in {folder}: give the folder that the Recorder wrote",
    "record_damaged": "{path} cannot be read: the record was edited or cut off",
    "record_empty": "the record in {folder} holds no frame yet: log at least one step with indices",
    "record_too_new": "the record in {folder} is of format {version}, known is up to {known}: update the explorer",
    "record_foreign": "{folder} has a run.json that cannot be read: choose another folder",
    "record_other": (
        "{folder} holds something else than a record of {num_embeddings} codes, and nothing is written: choose another"
        " folder"
    ),
    "record_channel": "no axis of z_e of shape {shape} is D = {dim} and fits the indices: name it with channel_dim=",
    "record_channel_unclear": (
        "more than one axis of z_e of shape {shape} may be D = {dim}: name it with channel_dim=; until then z_e is not"
        " recorded, indices are"
    ),
    "record_step_back": "step {step} comes after step {last} and is left out: steps have to rise",
    "record_indices": "indices must be integers, got {dtype}: convert them with .long()",
    "record_levels": "indices of shape {shape} do not end in the {levels} codebooks: give them as (..., {levels})",
    "record_codebook": "a codebook of shape {shape} has not the {num_embeddings} codes that were announced",
    "record_codebook_large": "a codebook of {megabytes} MB is not recorded: indices and z_e are",
    "record_changed": "the codebook's shape changed to {shape}: this and what follows is left out of the record",
    "record_no_codebook": "z_e is recorded once a codebook was logged: give codebook= as well",
    "record_not_finite": "z_e holds NaN or infinity at step {step} and is left out: training may have diverged",
    "replay_no_vectors": "a replay needs z_e of two steps or more of one codebook: log z_e and codebook with indices",
    "replay_levels": "a record of {levels} codebooks has residuals that were not recorded: replay one of one codebook",
    "replay_setting": "no replay of {settings}: choose a decay in [0, 1), a rate up to 10 and K from 1 to 65536",
    "replay_start": "the recorded start has another K: choose another --codebook-init, such as kmeans",
    "recommend_sizes": "K, D and vectors a step must be 1 or more",
    "recommend_empty": "no run of the codebook study is here: train some with make study",
    "record_zip_foreign": "this zip holds no record: zip the folder that the Recorder wrote, with its run.json",
    "record_zip_damaged": "this zip cannot be read: zip the folder of the record again",
    "record_zip_large": "what this zip holds is over {limit} MB: send the folder that the Recorder wrote, and no more",
    "hub_record_there": "{folder} is there already: name another folder with --into, or move that one away",
    "record_write": (
        "the record in {folder} cannot be written ({reason}): free some space or name another folder; "
        "what was written stays, and the training goes on"
    ),
    "record_not_kept": "this record cannot be kept ({reason}): read it here, or come back later",
    "record_zip_arrays": "{name} in this zip is nothing that the Recorder writes: zip the folder again, as it was",
    "record_labels": (
        "labels of shape {shape} do not belong to {count} vectors: give one whole number for each input, (B,)"
    ),
    "record_nothing_known": "no known quantizer is in this {name}: call recorder.log in your loop",
    # the guide
    "run_not_here": "no run here plays this part: train one with python -m explorer train {train}",
    "run_unmeasured": "{run} was not measured for this yet: run python -m explorer {command}",
    "run_no_film": "{run} kept no film of its codebook: choose a run with one, or train it with --trace full",
    "study_empty": "no pair of the codebook study is here for these images: run python -m explorer study codebook",
    # runs that come back as a zip
    "run_zip_damaged": "this is no zip that can be read: send the file as it was downloaded",
    "run_zip_foreign": "this zip holds no run: it needs run.json and model.safetensors, as a downloaded run has them",
    "run_zip_large": "this zip unpacks to more than {limit} MB: a run is smaller",
    "run_zip_images": "this run was trained on the image set {name!r}, which is not here: add it first",
    # a burst of steps on a GPU that is lent
    "burst_state": "this is no state of a run with these settings: begin without one, or send what a burst ended with",
    "burst_refused": "no GPU was lent ({reason}): try again later, or go on with the CPU in the tab Train",
    "burst_quota": "no GPU was lent: {asked} s of it were asked for, {left} s of your share are left. There is more"
    " in {wait} (hours, minutes, seconds); until then go on with the CPU in the tab Train",
    # why: a lender's own words are quoted only where we have none for them
    "lender_busy": "no GPU is free",
    "lender_full": "this Space has used up its share of GPU time",
    "lender_runs": "your share of bursts is used up",
    "lender_pending": "too many of your bursts are under way",
    "lender_long": "the burst is longer than the lender allows",
    "lender_stopped": "the lender stopped the burst",
    "lender_page": "what the lender knows this page by is too old: reload it",
    "lender_said": 'the lender said "{said}"',
    # view
    "medium_unknown": "there is nothing at {name}: reload the page",
    # an exploration as files
    "export_run": "there is no run {got!r} to export: python -m explorer list names those that are here",
    "export_set": "there is no image set {got!r} to export: choose of {known}",
    "export_folder": "{folder} holds something else than an exploration: name a new or empty folder",
    "view_choice": "the link says {key}={got}, which is none of {known}: showing the default instead",
    "view_run": "there is no run {got!r} of the image set {data!r} for {key}: showing the default instead",
    "view_number": "the link says {key}={got}, expected a whole number from 0 to {last}: showing the default instead",
    "view_range": "the link says {key}={got}, expected a number from {low} to {high}: showing the default instead",
    "view_names": "{key}: no {got} here; it knows {known}",
    "view_hides_all": "the link hides every tab: showing all of them",
    "view_point": (
        "the link's point {got!r} is not a list of numbers within ±{limit} separated by commas: showing none instead"
    ),
    "view_point_size": "the link's point has {got} numbers, this run's latent has {size}: showing none instead",
    "view_code": "the link asks for code {got}, this run has codes 0 to {last}: showing none instead",
    "view_mine": "there are no trainings behind this link: they expire when nobody looks at them for {days} days",
    "atlas_too_large": "{run} has {got} codes, this table takes {most} at most: choose a run with fewer",
    # questions
    "umap_busy": "another UMAP is being made (epoch {epoch} of {epochs}): try again when it is done",
    "umap_not_begun": "no UMAP can be made now ({reason}): look at PCA, or try again later",
    "umap_flat": "{run} has no latent of more than two numbers per image or cell: it needs no UMAP",
    "prior_missing": "no prior was trained for {run} yet: run python -m explorer train-prior {run}",
    "quantize_grid": "only a VAE on a grid becomes codes on one, {name} is none: take a VAE trained with --spatial",
    "quantize_bits": "--bits takes 1 to 12, got {got}: choose about as many as the KL of a channel has",
    "prior_many": "{run} says one of {codes} codes at a position, {most} can be drawn as bars: look at its ladder",
    "evidence_no_plane": "log p(x) is integrated over a latent of two numbers, {run} has more: choose a VAE with z = 2",
    "ask_unknown": "there is no question called {name!r}: choose one of {known}",
    "ask_parameter": "{name} takes {expected}, got {got!r}",
    "ask_pixels": "a picture is sent as {height}×{width}×{channels} bytes in base64: crop and resize it first",
    "ask_picture": "a picture is sent as PNG or JPEG in base64, of up to 25 megapixels and 1.5 MB: make it smaller",
    "answer_failed": "this could not be answered because of a fault here, which the log names: ask for something else",
    "post_from_elsewhere": (
        "this server takes requests of its own page only: open it as http://127.0.0.1 or http://localhost, or start it "
        "with --host 0.0.0.0"
    ),
    "ask_busy": "too much that you asked for is still on its way: wait for an answer, and ask again",
    "ask_slow": "the question was not there after {seconds} seconds: check your connection, and ask again",
    "ask_too_long": "a question may have up to {limit} bytes: send less at a time",
}
