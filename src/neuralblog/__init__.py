"""From a living neuron to a convolutional network, in NumPy alone.

One module a concept, in the order in which the posts explain them:

spiking         A nerve cell, as simple as it can be and still fire: leaky integrate-and-fire.
neurons         One artificial neuron: weigh the inputs, add them up, decide.
activations     Activation functions: what a neuron makes of its weighted sum z, and how steeply.
arrays          What may go in: arrays of the right kind and shape, or a refusal in plain words.
layers          What every layer is: a step of a network that knows its way forward and its way back.
initializers    How the weights of a layer start: random, and scaled so that signals keep their size.
network         Layers in a row: what one gives, the next one takes.
images          Images as arrays: what a network that knows nothing about pictures makes of them.
losses          How wrong a prediction is, as one number, and in which direction it gets better.
optimizers      How a network's parameters follow its gradients downhill, one step after another.
backpropagation Backpropagation, one number at a time: numbers that remember where they came from.
gradients       Is a gradient right? Take a tiny step, measure what happens, and compare.
slopes          How steep is f, and can one tell? Measure a slope, and how far to trust it.
subjects        What can be checked: something with a gradient, whose numbers move and are put back.
training        How a network learns from examples: look at a few, step, and so on, many times over.
regularization  Dropout and batch normalization, which behave differently while training.
convolution     One small window of weights, used at every place of an image.
pooling         Layers that shrink every feature map by looking at small windows of it.
windows         How a convolution becomes matrix products, and how its gradient finds the way back.
cnn             A convolutional network that reads handwritten digits, and one that has learned to.
inspection      Look inside a trained network: what it confuses, and what its answers depend on.
"""

from neuralblog import datasets
from neuralblog.activations import (
    ELU,
    GELU,
    Activation,
    LeakyReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
    elu,
    gelu,
    leaky_relu,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    step,
    tanh,
)
from neuralblog.backpropagation import Value
from neuralblog.cnn import lenet, trained
from neuralblog.convolution import KERNELS, Conv2D, correlate2d, output_size
from neuralblog.gradients import (
    DescentReport,
    GradientReport,
    check_descent,
    check_gradients,
    numerical_gradient,
)
from neuralblog.images import mean_images, one_hot, shuffle_pixels
from neuralblog.initializers import glorot, he
from neuralblog.inspection import (
    confusion_matrix,
    feature_maps,
    occlusion_map,
    saliency_map,
)
from neuralblog.layers import Dense, Flatten, Layer
from neuralblog.losses import (
    BinaryCrossEntropy,
    Hinge,
    Huber,
    Loss,
    MeanSquaredError,
    SoftmaxCrossEntropy,
    Target,
)
from neuralblog.network import Sequential
from neuralblog.neurons import McCullochPitts, Neuron, Perceptron
from neuralblog.optimizers import (
    SGD,
    Adam,
    Optimizer,
    RMSProp,
    cosine_decay,
    linear_decay,
    step_decay,
)
from neuralblog.pooling import AveragePool2D, GlobalAveragePool2D, MaxPool2D
from neuralblog.regularization import BatchNorm, Dropout
from neuralblog.spiking import (
    LeakyIntegrateAndFire,
    Recording,
    poisson_spikes,
    synaptic_current,
)
from neuralblog.training import History, accuracy, train

__version__ = "0.1.0"
__all__ = [
    "datasets",
    "LeakyIntegrateAndFire",
    "Recording",
    "poisson_spikes",
    "synaptic_current",
    "McCullochPitts",
    "Neuron",
    "Perceptron",
    "ELU",
    "GELU",
    "Activation",
    "LeakyReLU",
    "ReLU",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
    "elu",
    "gelu",
    "leaky_relu",
    "relu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "step",
    "tanh",
    "Dense",
    "Flatten",
    "Layer",
    "glorot",
    "he",
    "Sequential",
    "mean_images",
    "one_hot",
    "shuffle_pixels",
    "BinaryCrossEntropy",
    "Hinge",
    "Huber",
    "Loss",
    "MeanSquaredError",
    "SoftmaxCrossEntropy",
    "Target",
    "SGD",
    "Adam",
    "Optimizer",
    "RMSProp",
    "cosine_decay",
    "linear_decay",
    "step_decay",
    "Value",
    "DescentReport",
    "GradientReport",
    "check_descent",
    "check_gradients",
    "numerical_gradient",
    "History",
    "accuracy",
    "train",
    "BatchNorm",
    "Dropout",
    "KERNELS",
    "Conv2D",
    "correlate2d",
    "output_size",
    "AveragePool2D",
    "GlobalAveragePool2D",
    "MaxPool2D",
    "lenet",
    "trained",
    "confusion_matrix",
    "feature_maps",
    "occlusion_map",
    "saliency_map",
]
