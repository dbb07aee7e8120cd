"""Chinese names of classes, by the image set's own English name."""

CLASS_NAMES: dict[str, str] = {
    # Fashion-MNIST
    "T-shirt/top": "T 恤",
    "Trouser": "裤子",
    "Pullover": "套头衫",
    "Dress": "连衣裙",
    "Coat": "外套",
    "Sandal": "凉鞋",
    "Shirt": "衬衫",
    "Sneaker": "运动鞋",
    "Bag": "包",
    "Ankle boot": "短靴",
    # CIFAR-10
    "airplane": "飞机",
    "automobile": "汽车",
    "bird": "鸟",
    "cat": "猫",
    "deer": "鹿",
    "dog": "狗",
    "frog": "青蛙",
    "horse": "马",
    "ship": "船",
    "truck": "卡车",
    # emoji groups of Unicode
    "Smileys & Emotion": "表情与情感",
    "People & Body": "人物与身体",
    "Animals & Nature": "动物与自然",
    "Food & Drink": "食物与饮料",
    "Travel & Places": "旅行与地点",
    "Activities": "活动",
    "Objects": "物品",
    "Symbols": "符号",
    "Flags": "旗帜",
    # faces, by their skin
    "skin 1, lightest": "肤色 1（最浅）",
    **{f"skin {k}": f"肤色 {k}" for k in range(2, 8)},
    "skin 8, darkest": "肤色 8（最深）",
}

#: Chinese names of a few pictures, by their English caption; the others are called by their class.
CAPTION_NAMES: dict[str, str] = {
    "dog face": "狗脸",
    "cat face": "猫脸",
}
