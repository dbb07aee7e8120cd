"""The Chinese twins of `explorer.errors.MESSAGES`: same codes, same placeholders."""

CHINESE_MESSAGES: dict[str, str] = {
    # data
    "image_set_unknown": "没有名为 {name!r} 的图像集：请从 {known} 中选择",
    "split_unknown": "没有名为 {name!r} 的划分：请从 {known} 中选择",
    "factors_unknown": "{name} 的图片没有已知的特征：请附上 factors.csv，或改用 faces",
    "image_set_file_missing": "缺少 {path}：请恢复它，或用 python -m explorer.data.build {name} 重建",
    "image_set_file_damaged": "{path} 已损坏：请恢复它，或用 python -m explorer.data.build {name} 重建",
    "image_set_manifest_damaged": "{path} 无法读取：请恢复它，或用 python -m explorer.data.build {name} 重建",
    "image_set_hash_mismatch": (
        "{name!r} 的图像 SHA-256 为 {found}，应为 {expected}：请用 python -m explorer.data.build {name} 重建"
    ),
    "debian_package_missing": "找不到 {path}：请用 apt-get install {package} 安装",
    "node_missing": "找不到 {program}：请安装带 npm 的 Node 18 或更新版本，只有构建人脸图像集时才需要它",
    "node_failed": "{command} 失败（{reason}）：请先解决该问题，再重新构建人脸图像集",
    "raqm_missing": "当前的 Pillow 无法拼接 emoji 序列：请安装带 raqm 功能的版本",
    # 不随程序附带的图像集
    "cache_not_writable": "无法写入 {folder}（{reason}）：请腾出空间，或用 EXPLORER_CACHE 指定另一个文件夹",
    "image_set_to_fetch": "{title} 还不在这台机器上：请用 python -m explorer data get {name} 下载（{megabytes} MB）",
    "stored_set_damaged": "{path} 已损坏：请用 python -m explorer data remove {name} 删除，再重新下载或添加这个图像集",
    "stored_set_unknown": "缓存文件夹中没有名为 {name!r} 的图像集：用 python -m explorer data list 查看",
    "fetch_failed": "无法下载 {file}（{reason}）：请检查网络，或自己把该文件放入 {folder}",
    "fetch_other_file": "下载到的 {file} 是另一个文件（SHA-256 为 {found}…，应为 {expected}…）：请稍后再试",
    "published_damaged": "{folder} 中 {title} 的文件已损坏：请删除后重新下载",
    # 用户自己的图片
    "own_source_missing": "没有文件夹或 zip 文件 {path}：请检查路径",
    "own_source_empty": "{path} 里没有文件：请放入图片，每个类别一个子文件夹",
    "own_zip_damaged": "{path} 不是文件夹，也不是能读取的 zip 文件：请重新打包文件夹",
    "own_too_many_files": "{path} 的文件数超过上限 {limit}：请去掉一些",
    "own_too_many_classes": "{path} 有 {classes} 个子文件夹，最多接受 {limit} 个类别：请合并一些",
    "own_too_few": "{path} 里有 {kept} 张图片，至少需要 {least} 张：请再添加一些",
    "own_too_few_good": (
        "{path} 的 {files} 个文件中只有 {kept} 个可用，至少需要 {least} 个：请修复其余文件，从这一个开始：{first}"
    ),
    "own_too_alike": (
        "{path} 的 {kept} 张图片过于相似，无法划分：请添加不同的图片，或说明可以划分："
        "按时间（视频的帧，--picture-split time），或每张单独（--picture-split file）"
    ),
    "own_flat": "{path} 的 {kept} 张图片中有 {flat} 张整张只有一种颜色：请检查并重新导出",
    "own_remark_scaled": "{count} 张图片是 {kind}，已缩放：{black} 为黑，{white} 为白",
    "own_remark_alike": "有几个文件夹的名称看起来相同，已用编号分开：{names}",
    "own_remark_splits": "这些文件夹被当作数据划分，而不是类别：{splits}",
    "own_names_unclear": (
        "这个 zip 里的名称没有说明编码，有几种读法都通顺：{readings}；请说明是哪一种，命令行为 --zip-names"
    ),
    "own_names_encoding": "这个 zip 里的名称不是 {encoding} 编码：请换一种，或不指定",
    "own_clash": "{name} 既是一个图像集，也是这里的一个文件夹或 zip：图片请写 ./{name}，图像集请写 set:{name}",
    "own_name": "{name!r} 不能作图像集的名字：请用小写字母、数字和连字符，例如 {suggestion}",
    "own_name_taken": "已有另一个名为 {name} 的图像集：请换一个名字",
    "own_choice": "{name} 只能取 {known} 之一，收到 {got}",
    "own_file_unreadable": "无权读取 {file}（{reason}）：请修改它的权限",
    "own_file_special": "{file} 不是普通文件：请换成图片本身",
    "own_file_link": "{file} 是一个链接：请换成图片本身",
    "own_file_escapes": "{file} 指向压缩包之外：请用普通路径重新打包",
    "own_file_encrypted": "{file} 已加密：请不设密码重新打包",
    "own_file_method": "{file} 的压缩方式这里不支持：请用常见的方式重新打包",
    "own_file_bomb": "{file} 解压后是原来的 {times} 倍，像 zip 炸弹：请去掉它",
    "own_file_large": "{file} 超过了 {limit} MB 的上限：请保存得小一些",
    "own_zip_unpacks": "到 {file} 为止，压缩包解压后已超过 {limit} MB：请拆分压缩包",
    "own_file_damaged": "{file} 已损坏或不完整：请重新复制或保存",
    "own_file_nested": "{file} 本身是一个压缩包：请先解压",
    "own_factors_unreadable": "{file} 不是第一列为 file、其余各列都有名字的表格：请存为 UTF-8 的 CSV",
    "own_factors_columns": "{file} 列出 {columns} 个特征，只接受 1 到 {limit} 个：请去掉一些",
    "own_factors_missing": "{file} 列出的文件中有 {count} 个不存在，第一个是 {first}：请按这里的实际路径填写",
    "own_factors_rows": "{file} 有 {rows} 行，而文件有 {files} 个：请让每个文件恰好占一行",
    "own_factors_values": "{file} 中 {name} 有 {values} 个取值，最多接受 {limit} 个：请合并一些",
    "own_picture_none": "{file} 不是能读取的图片（无论文件名怎么写）：请存成 PNG 或 JPEG",
    "own_picture_svg": "{file} 由线条而非像素构成（SVG）：请导出为 PNG",
    "own_picture_large": "{file} 超过 {millions} 百万像素，或边长超过 {side}：请缩小",
    "own_picture_floats": "{file} 含有非有限的数值（NaN 或无穷）：请去掉后重新保存",
    # config
    "config_choice": "{name} 只能取 {known} 之一，收到 {got!r}",
    "config_name": "{name} 应为图像集的名称，收到 {got!r}：请运行 python -m explorer data list 查看",
    "config_range": "{name} 应为 {low} 到 {high} 之间的数，收到 {got!r}",
    "config_unknown": "未知的设置：{names}；这个模型可能来自更新版本的 explorer",
    "config_combination": "{setting} {name} 只能与 {other} {known} 搭配，收到 {got!r}：请改动其中之一",
    "config_fsq_levels": (
        "--quantizer fsq 要求 --num-embeddings 是 --embedding-dim 个不小于 2 的整数之积，"
        "收到 {num_embeddings} 和 {embedding_dim}：例如 256 和 2，或 512 和 3"
    ),
    "config_fsq_few": (
        "这里 FSQ 有低于 5 的等级（{levels}）：论文都取 5 或更多，因为更少时重建更差（Mentzer 2023，4.1 节）；"
        "减小 --embedding-dim 可得到更多等级"
    ),
    "config_bsq_sizes": (
        "--quantizer bsq 有 2^D 个 D 维的码向量，即立方体的顶点；收到 --num-embeddings {num_embeddings} 和 "
        "--embedding-dim {embedding_dim}：例如 512 和 9，或 256 和 8"
    ),
    "config_simvq_init": "SimVQ 的码向量只抽取一次、从不移动：请选择不需要数据的初始化",
    "kl_share": "KL 策略不能取 {name} = {got}：比例应大于 0 且不超过 1，下限应不小于 0",
    "config_groups": (
        "--quantizer grouped 把 --embedding-dim 的 {embedding_dim} 个数等分为 --groups {groups} 组："
        "请选 {embedding_dim} 的约数"
    ),
    "config_levels": (
        "{levels} 个各有 {num_embeddings} 个码向量的码本超过每个位置 62 比特：请减小 --levels、"
        "--groups 或 --num-embeddings"
    ),
    "config_codebook_lr": "--codebook-lr 只作用于梯度码本：请使用 --codebook-update gradient，或去掉它",
    "config_batch_too_large": "--batch-size {got} 超过了 {images} 张训练图像：请选小一些",
    "config_batch_over_ranks": "--batch-size {got} 不能由 {ranks} 个进程平分：请选 {ranks} 的倍数",
    "config_no_gpu": "这里没有 PyTorch 可用的 GPU：请去掉 --device，或使用 --device cpu",
    "image_shape": "图像必须是正方形，且边长为 {stride} 的倍数，收到 {height}×{width}：请先裁剪并缩放",
    "batch_shape": "这个模型接收 {expected} 的图像，收到 {got}：它是用别的图像集训练的吗？",
    "code_grid": "这个模型解码 (B, {grid}, {grid}) 的码索引，收到 {got}",
    # prior
    "prior_grid": "这个先验面向 (B, {height}, {width}) 的码网格，收到 {got}",
    "prior_grid_full": "网格的 {positions} 个码向量已全部写完：没有下一个码向量",
    "prior_label": "这个先验只认识 0 到 {classes}（不含）的标签，收到 {got}：请去掉标签",
    # quantizer
    "codebook_size": "码本至少要有一个码向量和一个维度，收到 {num_embeddings} 个 {embedding_dim} 维的码向量",
    "commitment_cost_negative": "commitment 系数必须不小于 0，收到 {value}：论文取 0.25",
    "quantizer_part_unknown": "没有名为 {name!r} 的 {what}：请从 {known} 中选择",
    "ema_start_unknown": "没有名为 {name!r} 的 EMA 起点：请从 {known} 中选择",
    "decay_out_of_range": "EMA 衰减应在 0（含）到 1（不含）之间，收到 {value}：常用 0.99",
    "epsilon_out_of_range": "epsilon 必须大于 0，收到 {value}：常用 1e-5",
    "restart_window": "重启窗口要求平均每个码向量至少一个向量、至少一步，收到 {vectors} 和 {steps}",
    "wrong_channels": "这个量化器接收 (B, {expected}, *spatial) 或 (N, {expected})，收到 {shape}：请把通道移到第 1 维",
    "not_finite": "待量化的 {total} 个数中有 {bad} 个是 NaN 或无穷：训练已发散，请降低学习率",
    "no_vectors": "量化器至少需要一个向量，收到空批次：数据加载器的最后一批是空的吗？",
    "not_floating": "待量化的向量必须是浮点数，收到 {dtype}：请用 .float() 转换",
    "indices_not_integer": "码索引必须是整数，收到 {dtype}：请用 .long() 转换",
    "index_out_of_range": (
        "码本有 {num_embeddings} 个码向量，却出现了索引 {index}：它是用另一个 num_embeddings 生成的吗？"
    ),
    "codebook_not_free": "{quantizer} 的码向量由规则生成，不能单独设定：请改为加载它完整的 state_dict",
    "codebook_other_shape": "这里需要形状为 {expected} 的码本，收到 {shape}：是不是转置了，或大小不同？",
    "ema_state_part": "EMA 的状态缺少 {lacking}：请给出全部状态，或只给码本（计数从头开始）",
    "levels_number": "组合量化器至少需要一个码本，收到 {value}：残差层数常用 4，分组数常用 2",
    "groups_uneven": "{embedding_dim} 个数不能等分为 {groups} 组：请选 {embedding_dim} 的约数",
    "levels_axis": "这个量化器有 {levels} 个码本，接收的索引形如 (B, *spatial, l)，l 不超过 {levels}，收到 {shape}",
    "quantize_dropout": "quantize_dropout 是 0 到 1 之间的前向比例，收到 {value}：0 表示总是使用全部层",
    "residual_projected": (
        "残差各层须在原处量化向量，而这个 {quantizer} 会先移动向量：请使用欧氏距离的 vq 或 simvq"
        "（FSQ 的残差层等同于更细的网格）"
    ),
    "shared_update_every": "各层共享的码本只接受 update_every 为 0 或 1，收到 {value}：请改用各自的码本",
    "update_every_negative": "update_every 必须不小于 0，收到 {value}：1 表示每次前向都更新码本一步",
    "mask_shape": "这里需要 {expected} 的布尔掩码（True 处为向量），收到 {shape}、类型 {dtype}：请去掉通道维",
    "pass_repeated": (
        "反向传播中再次运行了这个量化器，但向量与它上一次前向时不同：使用梯度检查点时，请在每次前向后立即调用"
        " backward()，或把量化器放在检查点部分之外"
    ),
    "init_needs_vectors": "码本初始化至少需要 {needed} 个向量，收到 {got} 个：请先多收集几个批次",
    # training
    "training_diverged": "第 {step} 步损失变为 {value}：请降低 --lr（或 --codebook-lr）；最后的正常状态已保留",
    "rank_lost": (
        "本次训练的另一个进程已退出或没有响应，于第 {step} 步之后发现（{reason}）：训练保留在上次保存的状态，"
        "请用 --resume 继续"
    ),
    "intervention_unknown": "没有名为 {what!r} 的干预：可选 {known}",
    "intervention_other_model": "{what} 在这个模型里不起作用：它属于另一种模型或量化器",
    # training in the background
    "train_home": "{path} 不可写：请把 EXPLORER_HOME 设为一个可写的文件夹",
    "train_not_writable": "无法写入 {folder}（{reason}）：请恢复写权限，然后继续或保留",
    "train_disk_full": "磁盘已满（{reason}）：请腾出空间，然后从最后的正常状态继续，或保留它",
    "train_memory": "内存不够再走一步：请关闭一些程序，或训练更小的模型；最后的正常状态已保留",
    "train_died": (
        "它的进程被终止了 {times} 次且没有进展，内存耗尽的机器就会这样：请关闭一些程序，"
        "然后从最后的正常状态继续，或保留它"
    ),
    "train_crashed": "它因程序自身的错误（{error}）而停止，详情见 {log}；最后的正常状态已保留",
    "train_damaged": "{folder} 中的训练已无法读取：请丢弃它，重新开始",
    "train_sides": "可以一起训练一个或两个模型，收到 {got} 个",
    "train_pair_differs": "一对训练看到相同的批次，所以两侧的 {name} 必须相同，收到 {got}",
    "train_too_many_points": "这些层一共组合出 {got:,} 个点，页面最多画 {most:,} 个：请减少层数或码数",
    "train_too_many_steps": "这里的训练最多 {most} 步，收到 {got}：请减少步数，或在自己的机器上训练",
    "train_too_many_images": "这里的图像集最多 {most} 张图，这个有 {got} 张：请在自己的机器上训练",
    "train_too_many_jobs": "这里最多同时有 {most} 个你的训练：请等一个结束，或丢弃一个",
    "train_too_many_runs": "这里最多保留 {most} 个你的模型：请下载一个，然后删除它",
    "train_too_many_sets": "这里最多保留 {most} 个你的图像集：请删除一个",
    "train_queue_full": "这里已有 {most} 个训练在排队或进行，本机不再接受更多：请等队列变短，或复制这个 Space",
    "train_room_full": ("本机为访问者保留的 {most} MB 已满：请删除你不再需要的东西，明天再试，或复制这个 Space"),
    "train_set_unknown": "你没有这个图像集：它被删除了，或太久没有人看它",
    "train_set_in_use": "你的一个训练正在使用这些图片：请等它结束，或先丢弃它",
    "pictures_too_large": "这里的图片 zip 最多 {limit} MB：请少选一些，或用 python -m explorer data add",
    "train_address_full": "来自你所在地址的训练还有 {most} 个未完成：请等一个完成，或丢弃一个",
    "train_too_long": "这 {steps} 步在这里要 {minutes} 分钟，上限为 {most} 分钟：请最多取 {fit} 步，或换小一些的模型",
    "train_view_only": "这个链接只能查看训练，不能改动：请联系发链接的人，或训练你自己的",
    "train_job_unknown": "这个训练已不存在：它被丢弃了，或太久没有人看它",
    "train_prior_unknown": "这里保留的你的模型中没有 {run}：“训练”页的列表里有它们的名字",
    "train_prior_ae": "{run} 是自编码器，没有可学的先验：训练结束时已拟合它自身的散布",
    "train_prior_waits": "{run} 的先验已经在训练：请等它结束，或丢弃那个训练",
    "train_not_now": "训练处于 {phase} 时不能这样做：{do} 要求得太早或太晚",
    # runs
    "run_not_found": "没有模型 {name}：用 `python -m explorer list` 查看已有的模型",
    "run_name": "{got!r} 不能作为模型的 id（最多 100 个小写字母、数字、点和连字符）：请用 --id {suggestion}",
    "run_foreign": "{path} 不是本 explorer 的模型：请给出它保存的模型的文件夹",
    "run_too_new": "{path} 的格式是 {version}，当前 explorer 最高读到 {known}：请更新 explorer",
    "run_damaged": "{path} 已损坏或在保存后被改动：请重新获取或训练这个模型",
    "run_file_missing": "模型中缺少 {path}：请重新获取或训练这个模型",
    "run_weights_mismatch": "{folder} 中的权重与 run.json 描述的模型不符：请重新获取这个模型",
    "run_not_writable": "无法把模型写入 {folder}（{reason}）：请换一个 --out，或腾出空间",
    "run_finished": "{folder} 中的训练已在第 {steps} 步完成：没有可以继续的",
    "run_unfinished": "{folder} 中的训练停在第 {step} / {steps} 步：用 `train --resume {folder}` 继续",
    "run_exists": "{folder} 已有一个模型：请换一个 --out，或用 --resume {folder} 继续",
    "run_too_large": "{folder} 中的模型大于可从外部接收的上限：如果信任它，请自行把文件夹复制到 runs/",
    "run_exists_already": "{folder} 已经存在：请移走或删除它，或用 --into 选择其他文件夹",
    "run_without_map": "{folder} 的隐变量（每张图或每格）不超过两个数：没有可投影的内容",
    "run_other_images": "{folder} 是用图像集 {name!r} 的另一个版本训练的：请重新训练",
    "runs_of_other_sets": "{first} 和 {second} 用不同的图像集训练：请比较同一图像集的模型",
    "classifier_missing": "缺少 {path}：请恢复它，或用 make classifiers 训练分类器",
    "classifier_none": "图像集 {name} 没有分类器：只有随程序附带的图像集才有用来度量的分类器",
    "classifier_damaged": "{path} 已损坏或在保存后被改动：请恢复它，或删除后用 make classifiers 重新训练",
    "classifier_other_images": (
        "{folder} 中的分类器是用图像集 {name!r} 的另一个版本训练的：请删除后用 make classifiers 重新训练"
    ),
    "prior_other_weights": "{folder} 中的先验是为另一组权重训练的：请重新运行 `train-prior {name}`",
    "prior_weights_mismatch": "{folder} 中的先验与其 prior.json 不符：请重新运行 `train-prior {name}`",
    # hub
    "hub_name": "{got!r} 不能作为仓库名：请写成 USER/NAME",
    "hub_no_token": (
        "推送需要有写权限的 token：请在 https://huggingface.co/settings/tokens 创建并设置 HF_TOKEN，"
        "或运行 `hf auth login`"
    ),
    "hub_unreachable": "无法连接 {endpoint}：请检查网络（以及 HF_HUB_OFFLINE）后重试",
    "hub_no_repository": "{endpoint} 上没有模型仓库 {repository}，或它是私有的：请检查名称，或设置 HF_TOKEN",
    "hub_no_run": "{repository} 里没有本 explorer 的模型，或文件不全：它是用 push 创建的吗？",
    "hub_refused": (
        "Hub 拒绝了（{status}）对 {repository} 的请求：请用 HF_TOKEN 或 `hf auth login` 提供有权限的 token"
    ),
    "hub_failed": "{endpoint} 的回答是 {status}：请稍后再试",
    "hub_too_large": "{repository} 中的模型超过 {limit} MB，超出可下载的上限：请用 git 获取",
    # studies
    "study_unknown": "没有名为 {name!r} 的研究：请从 {known} 中选择",
    "study_not_twins": (
        "{one} 与 {other} 应为对照训练，但 {what} 不同：请用同一版本的 explorer、在同一种处理器上重新训练两者"
    ),
    # files of codebooks and indices
    "tensor_file_missing": "没有文件 {name}：请检查路径",
    "tensor_file_pickle": (
        "{name} 是 pickle，打开它可能在这里运行任意程序，所以绝不打开：请自己用"
        " safetensors.torch.save_file({{'codebook': tensor.detach().contiguous()}}, 'codebook.safetensors') 保存张量"
    ),
    "tensor_file_unknown": "{name} 不是 .npy、.npz 或 .safetensors：请把码本或索引存成其中一种",
    "tensor_file_damaged": "{name} 无法按其文件名所示的格式读取，它已损坏或是别的格式：请重新保存",
    "tensor_file_cut_off": "{name} 在数组结束之前就中断了：请重新复制或保存",
    "tensor_file_header_lies": "{name} 声称有 {claimed} 字节，实际只有 {size}：它被截断或是伪造的，请重新复制或保存",
    "tensor_file_header_large": "{name} 的文件头超过 {limit} MB：请只保存码本，或用 python -m explorer report",
    "tensor_file_type": "{name} 的类型是 {dtype}，既不是码向量也不是索引：请保存普通的浮点数或整数",
    "tensor_file_empty": "{name} 里没有形状为 (K, D) 的浮点数，也没有整数：请保存码本或码索引",
    "tensor_axes": "{name} 有 {axes} 个轴，数组最多 {most} 个：请先改变形状",
    "tensor_empty": "{name} 没有任何值：是不是在填充之前就保存了？",
    "tensor_key_unknown": "没有名为 {key!r} 的张量：请从 {known} 中选择",
    "tensor_key_needed": "{name} 里有好几个可能的张量：请用 --key 从 {known} 中选择",
    "codebook_shape": (
        "{name} 是形状为 {shape} 的浮点数：码本的形状是 (K, D)，码索引必须是整数；"
        "请保存那一个码向量矩阵，或用 .long() 转换索引"
    ),
    "codebook_transposed": (
        "码本按 {codes} 个码向量、每个 {dim} 个数读取，却出现了索引 {index}：它看来是转置的 (D, K)；请保存 codebook.T"
    ),
    "codebook_long": "一个码向量最多 {limit} 个数，这个矩阵是 {shape}：如果它是 (D, K)，请保存 codebook.T",
    "codebook_over_limit": "这里的码本按 float32 最多 {limit} MB，这个的形状是 {shape}",
    "codebook_not_finite": "码本的 {total} 个数中有 {bad} 个是 NaN 或无穷：训练已发散",
    "indices_negative": "有一个索引是 {index}：如果它表示填充，请用 --ignore-id {index} 指明",
    "indices_too_large": (
        "有一个索引达到 {index}，而应只有 {num_embeddings} 个码向量：它是用别的 num_embeddings 生成的吗？"
    ),
    "indices_bare_large": (
        "有一个索引达到 {index}，而没有码本的索引最多数到 {limit}："
        "如果它们是码索引，请用 --num-embeddings 给出 K，或附上码本"
    ),
    "indices_narrow": "{name} 的类型不足以表示全部 {codes} 个码向量：更大的索引已经溢出，无法分辨；请用 .long() 保存",
    "levels_unfit": (
        "有 {levels} 个码本，但形状为 {shape} 的索引没有长度为 {levels} 的末轴或首轴：请存成 (..., {levels})"
    ),
    "report_whole": "--{name} 取用数字写出的整数，得到的是 {got}",
    "report_number": "--{name} 取 1 到 {limit} 的整数，得到的是 {got}",
    "upload_too_large": "这里最多上传 {limit} MB：请用没有上限的 python -m explorer report",
    "upload_unpacks": "{name} 的数据超过 {limit} MB：请用没有上限的 python -m explorer report",
    "upload_silent": "{seconds} 秒内几乎没有收到数据：请检查网络连接，然后重新发送",
    "upload_not_as_announced": "上传中断了，或与所声明的不符：请重新发送",
    "indices_all_ignored": "所有索引都是被忽略的那一个：没有剩下可数的",
    # the guide
    "report_ending": "报告文件的结尾只能是 {known} 之一，收到 {name}：请改用其中一种",
    "report_not_written": "{path} 无法写入（{reason}）：请换个地方",
    "record_missing": "{folder} 里没有记录：请给出 Recorder 写入的文件夹",
    "record_damaged": "{path} 无法读取：记录被改动或截断了",
    "record_empty": "{folder} 里的记录还没有任何一帧：请至少记录一步，并带上索引",
    "record_too_new": "{folder} 里的记录格式是 {version}，这里最高支持 {known}：请更新 explorer",
    "record_foreign": "{folder} 里的 run.json 无法读取：请换一个文件夹",
    "record_other": "{folder} 里不是 {num_embeddings} 个码向量的记录：请换一个文件夹；这里什么也不会写入",
    "record_channel": "z_e 的形状 {shape} 中没有哪一轴等于 D = {dim} 且与索引相配：请用 channel_dim= 指明",
    "record_channel_unclear": (
        "z_e 的形状 {shape} 中不止一轴可能是 D = {dim}：请用 channel_dim= 指明；在此之前只记录索引，不记录 z_e"
    ),
    "record_step_back": "第 {step} 步出现在第 {last} 步之后，已略去：步数必须递增",
    "record_indices": "索引必须是整数，得到的是 {dtype}：请用 .long() 转换",
    "record_levels": "形状为 {shape} 的索引末轴不是 {levels} 个码本：请以 (..., {levels}) 给出",
    "record_codebook": "形状为 {shape} 的码本没有声明的 {num_embeddings} 个码向量",
    "record_codebook_large": "{megabytes} MB 的码本不记录：索引和 z_e 照常记录",
    "record_changed": "码本的形状变成了 {shape}：从这里起不再计入记录",
    "record_no_codebook": "记录过码本之后才会记录 z_e：请同时给出 codebook=",
    "record_not_finite": "第 {step} 步的 z_e 含有 NaN 或无穷，已略去：训练可能已经发散",
    "replay_no_vectors": "重放需要同一个码本至少两步的 z_e：记录时请把 z_e 和 codebook 与索引一起给出",
    "replay_levels": "有 {levels} 个码本的记录里没有残差：请重放只有一个码本的记录",
    "replay_setting": "无法按 {settings} 重放：请选 [0, 1) 内的衰减、不超过 10 的学习率、1 到 65536 的 K",
    "replay_start": "记录的起点是另一个 K：请改用别的 --codebook-init，例如 kmeans",
    "recommend_sizes": "K、D 和每步向量数都必须不小于 1",
    "recommend_empty": "这里没有码本研究的模型：用 make study 训练",
    "record_zip_foreign": "这个 zip 里没有训练记录：请压缩 Recorder 写出的文件夹，连同其中的 run.json",
    "record_zip_damaged": "这个 zip 无法读取：请重新压缩记录的文件夹",
    "record_zip_large": "这个 zip 的内容超过 {limit} MB：请只发送 Recorder 写出的文件夹",
    "hub_record_there": "{folder} 已经存在：请用 --into 指定另一个文件夹，或先移走它",
    "record_write": ("{folder} 里的记录无法写入（{reason}）：请腾出空间或换一个文件夹；已写下的都在，训练照常进行"),
    "record_not_kept": "这份记录无法保留（{reason}）：可以在这里查看，或稍后再来",
    "record_zip_arrays": "zip 中的 {name} 不是 Recorder 写出的内容：请原样重新压缩文件夹",
    "record_labels": "形状为 {shape} 的标签与 {count} 个向量对不上：请给出形状 (B,) 的整数，每个输入一个",
    "record_nothing_known": "这个 {name} 里没有认得的量化器：请在训练循环里调用 recorder.log",
    "run_not_here": "这里没有能担任这一角色的模型：用 python -m explorer train {train} 训练一个",
    "run_unmeasured": "{run} 还没有测过这一项：请运行 python -m explorer {command}",
    "run_no_film": "{run} 没有保留码本影片：请选一个有影片的模型，或用 --trace full 训练",
    "study_empty": "这个图像集还没有码本研究的成对结果：请运行 python -m explorer study codebook",
    # runs that come back as a zip
    "run_zip_damaged": "这不是可以读取的 zip：请原样发送下载的文件",
    "run_zip_foreign": "这个 zip 里没有模型：需要 run.json 和 model.safetensors，和下载的模型一样",
    "run_zip_large": "这个 zip 解开后超过 {limit} MB：模型没有这么大",
    "run_zip_images": "这个模型用图像集 {name!r} 训练，而这里没有它：请先添加",
    # view
    "burst_state": "这不是这些设置下的训练状态：请不带状态重新开始，或发送上一段训练结束时得到的状态",
    "burst_refused": "没有借到 GPU（{reason}）：请稍后再试，或在“训练”页用 CPU 继续",
    "burst_quota": "没有借到 GPU：需要 {asked} 秒，而你的份额只剩 {left} 秒。再过 {wait}（时：分：秒）会有新的份额；"
    "在那之前可在“训练”页用 CPU 继续",
    "lender_busy": "没有空闲的 GPU",
    "lender_full": "这个 Space 的 GPU 时间份额已用完",
    "lender_runs": "你的训练段数份额已用完",
    "lender_pending": "你正在进行的训练段太多",
    "lender_long": "这段训练超过了出借方允许的时长",
    "lender_stopped": "出借方中止了这段训练",
    "lender_page": "出借方认不出这个页面了：请刷新页面",
    "lender_said": "出借方原话：“{said}”",
    "medium_unknown": "{name} 处没有内容：请刷新页面",
    "export_run": "没有可导出的模型 {got!r}：python -m explorer list 会列出现有的模型",
    "export_set": "没有可导出的图像集 {got!r}：请从 {known} 中选择",
    "export_folder": "{folder} 中有并非导出内容的文件：请另选一个新的或空的文件夹",
    "view_choice": "链接中 {key}={got}，不在 {known} 之中：改为显示默认值",
    "view_run": "图像集 {data!r} 没有可用于 {key} 的模型 {got!r}：改为显示默认值",
    "view_number": "链接中 {key}={got}，应为 0 到 {last} 的整数：改为显示默认值",
    "view_range": "链接中 {key}={got}，应为 {low} 到 {high} 之间的数：改为显示默认值",
    "view_names": "链接在 {key} 中写了 {got}，本页没有；可用的有 {known}",
    "view_hides_all": "链接隐藏了所有标签页：改为全部显示",
    "view_point": "链接中的点 {got!r} 不是用逗号分隔、绝对值不超过 {limit} 的数：不显示该点",
    "view_point_size": "链接中的点有 {got} 个数，这个模型的隐变量有 {size} 个：不显示该点",
    "view_code": "链接要求码 {got}，这个模型只有码 0 到 {last}：不显示该码向量",
    "view_mine": "这个链接背后没有训练：{days} 天没有人看，它们就会过期",
    "atlas_too_large": "{run} 有 {got} 个码向量，这张表最多容纳 {most} 个：请选择码向量更少的模型",
    # questions
    "umap_busy": "正在计算另一个 UMAP（第 {epoch} / {epochs} 轮）：请等它完成后再试",
    "umap_not_begun": "现在无法生成 UMAP（{reason}）：请看 PCA，或稍后再试",
    "umap_flat": "{run} 的隐变量（每张图或每格）不超过两个数：不需要 UMAP",
    "quantize_grid": "只有网格上的 VAE 能变成网格上的码向量，{name} 不是：请用以 --spatial 训练的 VAE",
    "quantize_bits": "--bits 取 1 到 12，收到 {got}：请取接近一个通道的 KL 比特数",
    "prior_many": "{run} 的每个位置是 {codes} 个码向量之一，能画成条形的最多 {most} 个：请看它的先验阶梯",
    "prior_missing": "{run} 还没有训练先验：请运行 python -m explorer train-prior {run}",
    "evidence_no_plane": "log p(x) 的积分只用于两个数的隐变量，{run} 的更多：请选择 z = 2 的 VAE",
    "ask_unknown": "没有名为 {name!r} 的请求：请从 {known} 中选择",
    "ask_parameter": "{name} 应为 {expected}，收到 {got!r}",
    "ask_pixels": "图片应以 {height}×{width}×{channels} 字节的 base64 发送：请先裁剪并缩放",
    "ask_picture": "图片应以 base64 的 PNG 或 JPEG 发送，不超过 2500 万像素和 1.5 MB：请先缩小",
    "answer_failed": "由于程序内部的错误，无法回答（日志中有记录）：请换一个请求",
    "post_from_elsewhere": (
        "此服务器只接受自己页面的请求：请用 http://127.0.0.1 或 http://localhost 打开，或用 --host 0.0.0.0 启动"
    ),
    "ask_busy": "你的请求还有很多没有答完：请等一个答完后再试",
    "ask_slow": "{seconds} 秒后请求仍未收完：请检查网络后重试",
    "ask_too_long": "一次请求最多 {limit} 字节：请分次发送",
}
