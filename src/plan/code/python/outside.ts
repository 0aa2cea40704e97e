/** Modules from outside the repository that neither read the command line by themselves nor report a metric to Vertex AI. */

const STANDARD = `__future__ _thread abc array ast asyncio atexit base64 bisect builtins bz2 calendar cmath codecs collections
colorsys concurrent configparser contextlib contextvars copy copyreg csv ctypes dataclasses datetime decimal difflib dis
distutils email enum errno faulthandler filecmp fnmatch fractions functools gc getpass gettext glob graphlib gzip hashlib
heapq hmac html http inspect io ipaddress itertools json keyword linecache locale logging lzma math mimetypes mmap
multiprocessing netrc numbers operator os pathlib pickle pickletools pkgutil platform plistlib posixpath pprint queue
quopri random re reprlib resource sched secrets select selectors shelve shlex shutil signal site socket sqlite3 ssl stat
statistics string stringprep struct sys sysconfig tarfile tempfile textwrap threading time timeit token tokenize tomllib
traceback tracemalloc types typing unicodedata urllib uuid warnings wave weakref xml zipfile zlib zoneinfo pwd grp fcntl
argparse subprocess`;

const LIBRARIES = `PIL absl accelerate aiohttp albumentations attr attrs bitsandbytes boto3 botocore cachetools catboost
category_encoders certifi chex click cloudpickle cupy cv2 dask dateutil datasets db_dtypes deepspeed dgl diffusers dill
dotenv einops evaluate faiss filelock fire flax fsspec gcsfs gensim gluonts google h5py haiku httpx huggingface_hub hydra
hypertune imageio imblearn jax jaxlib joblib keras kornia librosa lightgbm lightning lightning_fabric llvmlite loguru lz4
markdown matplotlib mlflow monai mpl_toolkits msgpack multidict networkx nltk numba numexpr numpy omegaconf onnx
onnxruntime openpyxl optax optuna orbax orjson packaging pandas pandas_gbq patsy peft pkg_resources plotly polars prophet
psutil psycopg2 pyarrow pycocotools pydantic pynvml pymysql pytorch_lightning pytz rdkit regex requests rich ruamel s3fs
sacrebleu safetensors scipy seaborn sentence_transformers sentencepiece setuptools setuptools_scm shap simplejson six
skimage sklearn smart_open snappy soundfile spacy sqlalchemy statsmodels structlog sympy tabulate tenacity tensorboard
tensorboardX tensorflow tensorflow_addons tensorflow_datasets tensorflow_hub tensorflow_io tensorflow_probability
tensorflow_text tensorstore termcolor tf_keras tiktoken timm tokenizers toml tomli toolz torch torch_geometric torchaudio
torchinfo torchmetrics torchsummary torchtext torchvision tqdm transformers triton trl typer typing_extensions tyro tzlocal
ujson umap urllib3 wandb xarray xgboost xformers yaml yarl zarr zstandard rich_click`;

const HARMLESS: ReadonlySet<string> = new Set(`${STANDARD} ${LIBRARIES}`.split(/\s+/));

export function isHarmless(module: string): boolean {
  return HARMLESS.has(module.split('.')[0] ?? '');
}

/** Modules that read the command line in ways that are not followed here. */
const OTHER_READERS: ReadonlySet<string> = new Set(
  `aiida argh arguably asyncclick chz cleo cliff clize cloup configargparse cyclopts datargs defopt docopt docopt_ng dora
  draccus fileinput getopt invoke jsonargparse ml_collections mmengine optparse pdb plac pydantic_settings sacred
  simple_parsing tap tyro_cli unittest detectron2 pytest coqpit hfargparse pydantic_argparse gflags clipstick spock
  hydra_zen pyrallis typed_argument_parser knack nubia tensorflow_models official`.split(/\s+/),
);

export function readsCommandLine(module: string): boolean {
  return OTHER_READERS.has(module.split('.')[0] ?? '');
}
